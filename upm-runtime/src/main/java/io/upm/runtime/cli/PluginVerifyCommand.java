package io.upm.runtime.cli;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
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
    try {
      PluginArchive archive = PluginArchive.read(file);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("plugin    %s%n", archive.key().id());
      out.printf("version   %s%n", archive.key().version());
      out.printf("digest    sha256:%s%n", archive.key().digest());
      out.printf("SPI       %s%n", archive.requires());
      out.flush();
      return ExitCodes.OK;
    } catch (PluginArchiveException e) {
      throw new CliException(ExitCodes.TROUBLE, String.valueOf(e.getMessage()));
    }
  }
}
