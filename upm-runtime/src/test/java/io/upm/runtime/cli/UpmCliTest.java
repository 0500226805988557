package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class UpmCliTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "status            | Missing required parameter: 'NAME'",
        "status x --wait 7 | '7' is no time such as 90s, 5m or 1h",
        "status x -o xml   | expected one of [TEXT, WIDE, JSON, YAML]",
        "stauts x          | Did you mean: upm start or upm status",
        "restart           | Missing required parameter: 'NAME'",
        "stop x --wait=no  | 'no' is not a boolean",
        "logs x --of A/b   | --of: 'A/b' is neither engine, agent, all nor a log file's name",
        "logs x -f -p      | --follow and --previous exclude each other",
        "logs x --tail -1  | --tail: -1 is no number of lines: 0 or more",
        "get -w -o json    | --watch goes with text, wide and name",
        "completion fish   | expected one of [BASH, ZSH]",
        "pause x --kubeconfig /nowhere | --kubeconfig: there is no file /nowhere to read",
      })
  void wrongUseIsToldInASentence(String arguments, String expected) {
    int code = execute(arguments.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(expected).doesNotContain("\tat ");
  }

  @Test
  void anUnreachableClusterIsToldInASentence() {
    System.setProperty("kubernetes.auth.tryKubeConfig", "false");
    System.setProperty("kubernetes.master", "http://127.0.0.1:1");
    try {
      assertThat(execute("status", "x")).isEqualTo(4);
      assertThat(err.toString()).startsWith("upm: the cluster can't be reached (");
    } finally {
      System.clearProperty("kubernetes.auth.tryKubeConfig");
      System.clearProperty("kubernetes.master");
    }
  }

  @Test
  void aContextThatIsNotThereLeadsToNoOtherCluster(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: one
            contexts: [{name: one, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {}}]
            """);

    assertThat(execute("get", "--kubeconfig", file.toString(), "--context", "two")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--context: the kubeconfig has no context \"two\"; it has: one");
    assertThat(execute("get", "--kubeconfig", file.toString(), "--context", "one")).isEqualTo(4);
  }

  @Test
  void wrongUseOfPlanIsNotTakenForChanges() {
    assertThat(execute("plan")).isEqualTo(1);
    assertThat(err.toString()).contains("Missing required option: '--filename=FILE'");
  }

  @Test
  void everyCommandHasAnExampleAndDocumentsItsExitCodes() {
    UpmCli.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          if (!name.equals("help")) {
            String help = command.getUsageMessage();
            String own = command.getCommandName();
            assertThat(help).as(name).contains("Example:").contains("upm " + own);
            assertThat(help).as(name).contains("Exit codes:").contains("  0   ");
          }
        });
  }

  @Test
  void saysItsVersionWithoutACluster() {
    assertThat(execute("version", "--client")).isZero();
    assertThat(execute("--version")).isZero();
    assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("upm "));
  }

  @Test
  void completionForZshLoadsTheOneForBash() {
    assertThat(execute("completion", "zsh")).isZero();
    assertThat(out.toString()).contains("bashcompinit").contains("restart");
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(execute("generate-completion")).isZero();
    assertThat(out.toString()).contains("status");
  }

  @Test
  void exitCodesAreDocumented() {
    assertThat(execute("status", "--help")).isZero();
    assertThat(out.toString()).contains("3   there is no such UnitSet or topology");
  }

  private int execute(String... arguments) {
    CommandLine command = UpmCli.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
