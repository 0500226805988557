package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Plugin;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin remove}. */
@Command(
    name = "remove",
    description = {
      "Removes an installed plugin. If the runtime's image brings none for the engine, its UnitSets"
          + " are orphaned: databases serve, stopping and deleting them works, and installing it"
          + " again goes on where it was."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:it serves UnitSets, and --orphan isn't given",
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = "  upm plugin remove my-engine --orphan")
final class PluginRemoveCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Parameters(paramLabel = "PLUGIN", description = "The plugin's id.")
  @SuppressWarnings("NullAway.Init") // required
  private String id;

  @Option(names = "--orphan", description = "Removes it though it serves UnitSets.")
  private boolean orphan;

  @Override
  public Integer call() {
    try (KubernetesClient client = connection.open()) {
      var installation = new Installation(client, id);
      Plugin plugin = installation.find();
      int served = plugin.getStatus() == null ? 0 : plugin.getStatus().unitSets();
      if (served > 0 && !orphan) {
        throw new CliException(
            ExitCodes.TROUBLE,
            "plugin %s serves %d UnitSets, which nobody looks after then unless the runtime's image"
                    .formatted(id, served)
                + " brings a plugin for them; to remove it anyway: --orphan");
      }
      installation.remove();
      spec.commandLine().getOut().printf("plugin %s is removed%n", id);
      spec.commandLine().getOut().flush();
      return ExitCodes.OK;
    }
  }
}
