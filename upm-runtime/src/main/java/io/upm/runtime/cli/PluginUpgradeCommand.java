package io.upm.runtime.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upm plugin upgrade}. */
@Command(
    name = "upgrade",
    description = {
      "Has another version of a plugin serve. The present one goes on until the new one is in order;"
          + " what is refused changes nothing."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:refused, or not done within --timeout",
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = "  upm plugin upgrade my-engine 1.1.0")
final class PluginUpgradeCommand implements Callable<Integer> {
  @Mixin private final PluginAction action = new PluginAction();

  @Parameters(index = "1", paramLabel = "VERSION", description = "Version that is to serve.")
  @SuppressWarnings("NullAway.Init") // required
  private String version;

  @Option(names = "--source", paramLabel = "SOURCE", description = "Another source than before.")
  private @Nullable String source;

  @Option(
      names = "--digest",
      paramLabel = "DIGEST",
      description = "sha256:…, when nothing else is to be taken.")
  private @Nullable String digest;

  @Override
  public Integer call() {
    return action.want((client, installation) -> {
      installation.find();
      return installation.want(version, digest, source);
    });
  }
}
