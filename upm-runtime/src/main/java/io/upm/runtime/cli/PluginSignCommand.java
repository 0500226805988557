package io.upm.runtime.cli;

import io.upm.host.plugin.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin sign}. */
@Command(
    name = "sign",
    description = {
      "Signs a plugin's zip. The signature is a file beside it, with .sig behind the zip's name, which"
          + " upm plugin push takes along."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:the zip isn't in order, or the key isn't one",
      ExitCodes.WRONG_USE
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  openssl genpkey -algorithm ed25519 -out plugins.key",
      "  upm plugin sign my-engine-1.0.0-plugin.zip --key plugins.key"
    })
final class PluginSignCommand implements Callable<Integer> {
  /** What a signature's name ends with. */
  static final String SUFFIX = ".sig";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The zip.")
  @SuppressWarnings("NullAway.Init") // required
  private Path file;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "Private key, Ed25519 or P-256, in PEM.")
  @SuppressWarnings("NullAway.Init") // required
  private Path key;

  @Override
  public Integer call() throws IOException {
    ArchiveText.read(file);
    Path signature = beside(file);
    Files.writeString(signature, key().sign(file));
    spec.commandLine().getOut().printf("signature %s%n", signature);
    spec.commandLine().getOut().flush();
    return ExitCodes.OK;
  }

  private SigningKey key() {
    try {
      return SigningKey.read(key);
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitCodes.TROUBLE, "--key: " + e.getMessage());
    } catch (IOException e) {
      throw new CliException(ExitCodes.TROUBLE, "--key: %s can't be read: %s".formatted(key, e));
    }
  }

  static Path beside(Path zip) {
    return zip.resolveSibling(zip.getFileName() + SUFFIX);
  }
}
