package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.MysqlPlugin;
import io.upm.spi.PluginException;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.Impact;
import io.upm.spi.config.ParameterChange;
import io.upm.spi.instance.LiveParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rendered configurations, brought to a real server that runs. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class LiveVariablesIT {
  private final Unit unit;
  private final LiveParameters live;

  @TempDir private Path folder;
  private Path former;

  LiveVariablesIT(Unit unit) {
    this.unit = unit;
    this.live = unit.lifecycle().live().orElseThrow();
  }

  static Stream<Unit> units() {
    return Images.all().stream()
        .map(image -> Unit.running(Unit.Plan.of(image, "rpl_semi_sync", 0).withMemory(2048)));
  }

  @BeforeEach
  void takeBack() throws IOException {
    former = rendered(Map.of());
    unit.run("RESET PERSIST");
    unit.stop();
    unit.start();
  }

  @Test
  void theServerHasWhatItWouldHaveAfterARestart() throws IOException {
    Path next =
        rendered(
            Map.of(
                "wait_timeout", "321",
                "sql_mode", "ANSI_QUOTES,STRICT_TRANS_TABLES",
                "long_query_time", "0.25",
                "max_allowed_packet", "32M",
                "transaction_isolation", "READ-COMMITTED",
                "optimizer_switch", "index_merge=off",
                "innodb_io_capacity", "5000",
                "innodb_io_capacity_max", "9000",
                "back_log", "77"));
    List<ParameterChange> changes = live.changes(unit.instance(), former, next);

    live.apply(unit.instance(), dynamic(changes));

    assertThat(changes.stream().filter(one -> one.impact() != Impact.DYNAMIC))
        .extracting(ParameterChange::name)
        .containsExactly("back_log");
    Map<String, String> changed = values(dynamic(changes));
    assertThat(changed).containsEntry("innodb_io_capacity", "5000").hasSize(8);
    assertThat(live.drift(unit.instance(), next)).isEmpty();

    put(next);
    unit.stop();
    unit.start();
    assertThat(values(dynamic(changes))).isEqualTo(changed);
    put(former);
  }

  @Test
  void whatIsLeftOutAgainIsTheDefault() throws IOException {
    Path next = rendered(Map.of("long_query_time", "0.5", "wait_timeout", "99"));
    List<ParameterChange> there = dynamic(live.changes(unit.instance(), former, next));
    List<ParameterChange> back = dynamic(live.changes(unit.instance(), next, former));
    Map<String, String> before = values(there);

    live.apply(unit.instance(), there);
    assertThat(values(there)).isNotEqualTo(before);
    live.apply(unit.instance(), back);
    live.apply(unit.instance(), back);

    assertThat(values(there)).isEqualTo(before);
    assertThat(live.drift(unit.instance(), former)).isEmpty();
  }

  @Test
  void ifTheServerRefusesOneAllHaveTheirFormerValues() throws IOException {
    Path next = rendered(Map.of("max_connections", "123", "optimizer_switch", "no_such=on"));
    List<ParameterChange> changes = dynamic(live.changes(unit.instance(), former, next));
    Map<String, String> before = values(changes);

    assertThatThrownBy(() -> live.apply(unit.instance(), changes))
        .isInstanceOfSatisfying(
            PluginException.class,
            refused ->
                assertThat(refused.kind())
                    .as(refused.getMessage())
                    .isEqualTo(PluginException.Kind.USER))
        .hasMessageContaining("optimizer_switch could not become")
        .hasMessageEndingWith("all variables have their former values");

    assertThat(values(changes)).isEqualTo(before);
    assertThat(live.drift(unit.instance(), former)).isEmpty();
  }

  /** The buffer pool is a multiple of its chunks. */
  @Test
  void whatTheServerRoundsIsNoDrift() throws IOException {
    Path next = rendered(Map.of("innodb_buffer_pool_size", "300001K"));
    List<ParameterChange> changes = dynamic(live.changes(unit.instance(), former, next));

    live.apply(unit.instance(), changes);

    assertThat(values(changes).get("innodb_buffer_pool_size"))
        .isNotEqualTo(String.valueOf(300_001L << 10));
    assertThat(live.drift(unit.instance(), next)).isEmpty();
  }

  @Test
  void whatSomebodySetIsDrift() {
    assertThat(live.drift(unit.instance(), former)).as("nobody did anything").isEmpty();

    unit.run("SET GLOBAL wait_timeout = 55");
    unit.run("SET PERSIST long_query_time = 3");

    assertThat(live.drift(unit.instance(), former))
        .satisfiesExactly(
            kept ->
                assertThat(kept)
                    .startsWith("long_query_time is kept as \"3")
                    .endsWith("RESET PERSIST long_query_time"),
            set ->
                assertThat(set)
                    .startsWith("wait_timeout is \"55\" until the next start, set by root@")
                    .endsWith("instead of \"28800\""));

    unit.run("RESET PERSIST long_query_time");
    unit.run("SET GLOBAL long_query_time = DEFAULT");
    unit.run("SET GLOBAL wait_timeout = 28800");
    assertThat(live.drift(unit.instance(), former)).isEmpty();
  }

  private Map<String, String> values(List<ParameterChange> of) {
    return of.stream()
        .collect(
            Collectors.toMap(
                ParameterChange::name, one -> unit.value("SELECT @@GLOBAL." + one.name())));
  }

  private static List<ParameterChange> dynamic(List<ParameterChange> all) {
    return all.stream().filter(one -> one.impact() == Impact.DYNAMIC).toList();
  }

  private Path rendered(Map<String, String> parameters) throws IOException {
    Path directory = Files.createTempDirectory(folder, "config");
    for (ConfigFile file :
        new MysqlPlugin().config().render(new ConfigInput(unit.instance(), parameters))) {
      Files.writeString(directory.resolve(file.path()), file.content());
    }
    return directory;
  }

  private void put(Path configuration) throws IOException {
    Files.writeString(
        unit.instance().layout().config().resolve("my.cnf"),
        Files.readString(configuration.resolve("my.cnf")));
  }
}
