package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real server writes to its log files, and that it begins them anew. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class LogsIT {
  private final Unit unit;
  private final Path slow;
  private final Path general;

  LogsIT(Unit unit) {
    this.unit = unit;
    List<Path> logs = unit.lifecycle().logs(unit.instance());
    this.slow = logs.get(0);
    this.general = logs.get(1);
  }

  static Stream<Unit> units() {
    return Images.all().stream()
        .map(image ->
            Unit.running(
                Unit.Plan.of(image, "standalone", 0)
                    .withParameters(
                        Map.of(
                            "slow_query_log", "ON", "long_query_time", "0", "general_log", "ON"))));
  }

  @Test
  void slowStatementStandsThereWithItsText() throws IOException {
    unit.run("SELECT 'a text to find', SLEEP(0.01)");

    assertThat(slow).content().contains("SELECT 'a text to find', SLEEP(0.01)", "# Query_time: ");
  }

  /** The server leaves out the passwords of statements that are about accounts. */
  @Test
  void passwordsOfAccountsDoNotStandThere() throws IOException {
    unit.run("CREATE USER marked IDENTIFIED BY 'marked-one'");
    unit.run("ALTER USER marked IDENTIFIED BY 'marked-two'");
    unit.run("SET PASSWORD FOR marked = 'marked-three'");
    unit.run("CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = 'marked-four'");
    unit.run("RESET REPLICA ALL");
    unit.run("DROP USER marked");

    for (Path log : List.of(slow, general)) {
      assertThat(Files.readString(log)).contains("DROP USER marked").doesNotContain("marked-");
    }
  }

  @Test
  void serverBeginsRenamedFilesAnew() throws IOException {
    unit.run("SELECT 'before'");
    assertThat(unit.lifecycle().rotatesLogs()).isTrue();
    Path formerSlow = Files.move(slow, slow.resolveSibling("slow.log.1"));
    Path formerGeneral = Files.move(general, general.resolveSibling("general.log.1"));
    unit.run("SELECT 'between'");

    unit.lifecycle().reopenLogs(unit.instance());

    unit.run("SELECT 'after'");
    assertThat(formerSlow).content().contains("'before'", "'between'").doesNotContain("'after'");
    assertThat(slow).content().contains("'after'").doesNotContain("'between'");
    assertThat(formerGeneral).content().contains("'between'").doesNotContain("'after'");
    assertThat(general).content().contains("'after'").doesNotContain("'between'");
  }
}
