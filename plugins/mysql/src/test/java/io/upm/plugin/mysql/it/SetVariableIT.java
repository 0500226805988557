package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.action.SetVariable;
import io.upm.plugin.mysql.action.SetVariable.Wanted;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Variables of a real server, changed while it runs. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class SetVariableIT {
  private final Unit unit;
  private final List<String> log = new ArrayList<>();

  SetVariableIT(Unit unit) {
    this.unit = unit;
  }

  static Stream<Unit> units() {
    return Images.all().stream()
        .map(image -> Unit.running(Unit.Plan.of(image, "standalone", 0).withMemory(2048)));
  }

  @Test
  void allAreChangedAndReadBackAndTheNextStartForgetsThem() {
    String before = value("max_connections");

    ActionResult result =
        run(
            Map.of(
                "max_connections", 321,
                "long_query_time", "0.5",
                "slow_query_log", true,
                "max_allowed_packet", "32M",
                "max_connect_errors", "18446744073709551615",
                "innodb_buffer_pool_size", "512M",
                "log_bin", value("log_bin").equals("1") ? "ON" : "OFF"));

    assertThat(result.values())
        .containsEntry("max_connections", "321")
        .containsEntry("max_allowed_packet", String.valueOf(32 << 20))
        .containsEntry("innodb_buffer_pool_size", String.valueOf(512 << 20))
        .doesNotContainKey("log_bin");
    assertThat(value("max_connections")).isEqualTo("321");
    assertThat(Double.parseDouble(value("long_query_time"))).isEqualTo(0.5);
    assertThat(value("max_connect_errors")).isEqualTo("18446744073709551615");
    assertThat(log).contains("max_connections: %s -> 321".formatted(before));
    assertThat(run(Map.of("max_connections", 321)).message())
        .isEqualTo("every variable has its value already");

    unit.stop();
    unit.start();

    assertThat(value("max_connections")).isEqualTo(before);
  }

  @Test
  void ifTheServerRefusesOneTheOthersAreTakenBack() {
    String before = value("max_connections");
    // The server itself knows best: it does not take words without a meaning for it.
    Map<String, Object> wanted = new TreeMap<>();
    wanted.put("max_connections", 123);
    wanted.put("sql_mode", "ANSI_QUOTES");
    wanted.put("optimizer_switch", "no_such_switch=on");

    assertThatThrownBy(() -> run(wanted))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("optimizer_switch")
        .hasMessageContaining("1231");

    assertThat(value("max_connections")).isEqualTo(before);
    assertThat(value("sql_mode")).doesNotContain("ANSI_QUOTES");
  }

  @Test
  void whatIsWrongIsSaidInOneSentenceAndChangesNothing() {
    String before = value("max_connections");
    for (Map.Entry<String, Map<String, Object>> one :
        Map.<String, Map<String, Object>>of(
                "spec.parameters.variables.max_connections: \"0\" is not allowed",
                Map.of("max_connections", 0),
                "spec.parameters.variables.innodb_buffer_pool_size: \"64G\" is not allowed: at most",
                Map.of("max_connections", 77, "innodb_buffer_pool_size", "64G"),
                "spec.parameters.variables.datadir: \"/tmp\" is not allowed: only ",
                Map.of("max_connections", 77, "datadir", "/tmp"),
                "spec.parameters.variables.back_log: \"5\" is not allowed: only ",
                Map.of("back_log", 5),
                "there is no such variable",
                Map.of("max_connections = 1; DROP DATABASE mysql", "1"),
                "text, a number or a boolean",
                Map.of("max_connections", List.of(1)))
            .entrySet()) {
      assertThatThrownBy(() -> run(one.getValue()))
          .isInstanceOfSatisfying(
              PluginException.class,
              refused -> assertThat(refused.kind()).isEqualTo(PluginException.Kind.USER))
          .hasMessageContaining(one.getKey());
    }
    assertThat(value("max_connections")).isEqualTo(before);
  }

  @Test
  void oneVariableMayBeGivenAsKeyAndValue() {
    new SetVariable().run(new Wanted(Map.of(), "net_read_timeout", "44", "root"), new Context());

    assertThat(value("net_read_timeout")).isEqualTo("44");
  }

  private ActionResult run(Map<String, Object> variables) {
    return new SetVariable().run(new Wanted(variables, null, null, null), new Context());
  }

  private String value(String variable) {
    return unit.value("SELECT @@GLOBAL." + variable);
  }

  private final class Context extends UnitContext {
    Context() {
      super(unit);
    }

    @Override
    public void progress(Progress progress) {
      assertThat(progress.done()).isLessThan(progress.total());
    }

    @Override
    public void log(String line) {
      log.add(line);
    }
  }
}
