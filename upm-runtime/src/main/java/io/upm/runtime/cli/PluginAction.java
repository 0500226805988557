package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Plugin;
import java.io.PrintWriter;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands have in common that want a version of a plugin and wait until it serves. */
final class PluginAction {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();
  @Mixin private final WaitOptions waiting = new WaitOptions();

  @Parameters(index = "0", paramLabel = "PLUGIN", description = "The plugin's id.")
  @SuppressWarnings("NullAway.Init") // required
  private String id;

  String id() {
    return id;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /**
   * Changes what is wanted, and waits.
   *
   * @param change makes the object, or changes it; gives it as it is then
   * @return the exit code
   */
  int want(BiFunction<KubernetesClient, Installation, Plugin> change) {
    try (KubernetesClient client = connection.open()) {
      var installation = new Installation(client, id);
      Plugin wanted = change.apply(client, installation);
      return installation.await(wanted, waiting, spec.commandLine().getErr());
    }
  }
}
