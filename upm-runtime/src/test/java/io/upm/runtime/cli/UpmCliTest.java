package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
        "stauts x          | Did you mean: upm status",
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
