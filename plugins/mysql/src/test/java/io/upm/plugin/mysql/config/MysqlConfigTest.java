package io.upm.plugin.mysql.config;

import static io.upm.plugin.mysql.Instances.anInstance;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.Instances;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MysqlConfigTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final MysqlConfig config = new MysqlConfig();

  static Stream<Arguments> situations() {
    return Stream.of(
        Arguments.of(
            "8.0.26-standalone-512Mi",
            anInstance().version("8.0.26").mode("standalone").memoryMiB(512).cores(1),
            Map.of()),
        Arguments.of(
            "8.0.33-semi-sync-1Gi",
            anInstance().version("8.0.33").memoryMiB(1024).cores(1),
            Map.of()),
        Arguments.of("8.4.5-async-4Gi", anInstance().mode("rpl_async").ordinal(2), Map.of()),
        Arguments.of(
            "9.7.4-semi-sync-512Mi",
            anInstance().version("9.7.4").memoryMiB(512).cores(1),
            Map.of()),
        Arguments.of(
            "9.7.4-semi-sync-64Gi-parameters",
            anInstance().version("9.7.4").memoryMiB(64 << 10).cores(16),
            Map.of(
                "max_connections", "4000",
                "sql_mode", "STRICT_ALL_TABLES,ANSI_QUOTES",
                "rpl_semi_sync_source_timeout", "10000",
                "init_connect", "SET @a = 'x # \"y\" \\'")));
  }

  /** With -Dupm.golden.update=true the files are written instead. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("situations")
  void rendersWhatIsCheckedIn(String name, Instances instance, Map<String, String> parameters)
      throws IOException {
    var input = new ConfigInput(instance.build(), parameters);
    assertThat(config.check(input)).isEmpty();
    Path golden = GOLDEN.resolve(name + ".cnf");

    String rendered = config.render(input).getFirst().content();

    if (Boolean.getBoolean("upm.golden.update")) {
      Files.writeString(golden, rendered);
    }
    assertThat(rendered).isEqualTo(Files.readString(golden));
  }

  @Test
  void saysHowMuchMemoryIsNeeded() {
    assertThat(problems(anInstance().memoryMiB(256), Map.of()))
        .containsExactly(
            "spec.resources.limits.memory: \"256Mi\" is not allowed: at least 512 MiB");
  }

  @Test
  void refusesABufferPoolThatDoesNotFit() {
    assertThat(problems(anInstance(), Map.of("innodb_buffer_pool_size", "4G")))
        .singleElement()
        .asString()
        .startsWith("spec.parameters.innodb_buffer_pool_size: \"4G\" is not allowed: at most ")
        .endsWith(" MiB with a memory limit of 4096 MiB");
    assertThat(problems(anInstance(), Map.of("innodb_buffer_pool_size", "2G"))).isEmpty();
  }

  @Test
  void refusesConnectionsThatDoNotFit() {
    assertThat(problems(anInstance().memoryMiB(1024), Map.of("max_connections", "5000")))
        .singleElement()
        .asString()
        .startsWith("spec.parameters.max_connections: \"5000\" is not allowed: at most ");
  }

  @Test
  void theMostConnectionsThatItNamesDoFit() {
    String refusal =
        problems(anInstance().memoryMiB(1024), Map.of("max_connections", "5000")).getFirst();
    String most = refusal.replaceFirst(".*at most (\\d+) with.*", "$1");

    assertThat(problems(anInstance().memoryMiB(1024), Map.of("max_connections", most))).isEmpty();
    assertThat(
            problems(
                anInstance().memoryMiB(1024),
                Map.of("max_connections", String.valueOf(Integer.parseInt(most) + 20))))
        .isNotEmpty();
  }

  @Test
  void refusesWhatTheCatalogueDoesNotHave() {
    assertThat(problems(anInstance(), Map.of("server_id", "7")))
        .singleElement()
        .asString()
        .contains("\"server_id\" is not allowed");
  }

  @Test
  void refusesASocketPathThatNoSocketCanHave() {
    assertThat(problems(anInstance().root(Path.of("/" + "x".repeat(100))), Map.of()))
        .singleElement()
        .asString()
        .contains("a path of at most 107 bytes");
  }

  private List<String> problems(Instances instance, Map<String, String> parameters) {
    return config.check(new ConfigInput(instance.build(), parameters)).stream()
        .map(Problem::sentence)
        .toList();
  }
}
