package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Plugin;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code upm plugin list}. */
@Command(
    name = "list",
    description = "Lists the versions of installed plugins, the one that serves first.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE, ExitCodes.WRONG_USE, ExitCodes.REFUSED},
    footerHeading = "%nExample:%n",
    footer = "  upm plugin list")
final class PluginListCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Override
  public Integer call() {
    try (KubernetesClient client = connection.open()) {
      List<Plugin> plugins = client.resources(Plugin.class).list().getItems();
      PrintWriter out = spec.commandLine().getOut();
      if (plugins.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println("no plugin is installed; what the runtime's image brings along serves");
        spec.commandLine().getErr().flush();
      } else {
        PluginText.lines(plugins).forEach(out::println);
      }
      out.flush();
      return ExitCodes.OK;
    }
  }
}
