package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The reference of the command line tool is what the tool says itself; {@code
 * -Dupm.docs.update=true} writes it anew.
 */
class CliReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "cli.md");

  @Test
  void isUpToDate() throws IOException {
    String text = page();
    if (Boolean.getBoolean("upm.docs.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, text, StandardCharsets.UTF_8);
    }
    assertThat(PAGE)
        .as("run the tests of upm-runtime with -Dupm.docs.update=true and look at the difference")
        .hasContent(text);
  }

  private static String page() {
    var text =
        new StringBuilder(
            """
            <!-- Generated from the commands' own help; edit that. -->
            # Command line

            In a checkout the tool is `./upm`. As `kubectl upm` it is there when the folder of `kubectl-upm` is in PATH.
            Completion: `source <(upm completion bash)`, or `zsh`.

            """);
    CommandLine root = UpmCli.commandLine();
    section(text, root);
    below(text, root);
    return text.toString();
  }

  private static void below(StringBuilder text, CommandLine command) {
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          if (name.equals(sub.getCommandName()) && !name.equals("help")) {
            section(text, sub);
            below(text, sub);
          }
        });
  }

  private static void section(StringBuilder text, CommandLine command) {
    text.append("## ").append(command.getCommandSpec().qualifiedName()).append("\n\n");
    command
        .getUsageMessage(Ansi.OFF)
        .lines()
        .forEach(line -> text.append(("    " + line).stripTrailing()).append('\n'));
    text.append('\n');
  }
}
