package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.engine.ServedEngines;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        spec.commandLine().getErr().println(nothing(ServedEngines.of(client)));
        spec.commandLine().getErr().flush();
      } else {
        PluginText.lines(plugins).forEach(out::println);
      }
      out.flush();
      return ExitCodes.OK;
    }
  }

  /** What there is when no plugin is installed. */
  static String nothing(Optional<SortedMap<String, String>> engines) {
    if (engines.isEmpty()) {
      return "no plugin is installed; what the runtime's image brings along serves";
    }
    if (engines.get().isEmpty()) {
      return "no plugin is installed, and none came with the runtime: there is no engine until one"
          + " is installed: upm plugin install ID VERSION --source SOURCE";
    }
    return engines.get().entrySet().stream()
        .map(one -> "%s (plugin %s)".formatted(one.getKey(), one.getValue()))
        .collect(
            Collectors.joining(
                ", ", "no plugin is installed; what came with the runtime serves: ", ""));
  }
}
