package io.upm.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin verify}. */
@Command(
    name = "verify",
    description = {
      "Looks at a plugin's zip as a runtime would before it loads it, and says what it is."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:it is in order", "1:it would be refused", ExitCodes.WRONG_USE},
    footerHeading = "%nExample:%n",
    footer = "  upm plugin verify my-engine-1.1.0.zip")
final class PluginVerifyCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The zip.")
  @SuppressWarnings("NullAway.Init") // required
  private Path file;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ArchiveText.lines(ArchiveText.read(file)).forEach(out::println);
    out.flush();
    return ExitCodes.OK;
  }
}
