package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.UnitSet;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code upm pause} and {@code upm resume} have in common. */
final class PauseAction {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Parameters(paramLabel = "NAME", description = "Name of the UnitSet.")
  @SuppressWarnings("NullAway.Init") // required
  private String name;

  int set(boolean pause) {
    try (KubernetesClient client = connection.open()) {
      String namespace = connection.namespace(client);
      UnitSet set = client.resources(UnitSet.class).inNamespace(namespace).withName(name).get();
      if (set == null) {
        throw CliException.notFound("UnitSet", name, namespace);
      }
      if (set.getSpec().pause() != pause) {
        new Patches(client, namespace).pause(name, pause);
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          pause
              ? "UnitSet %s is paused: changes of its spec wait until: upm resume %s"
                  .formatted(name, name)
              : "UnitSet %s is no longer paused".formatted(name));
      out.flush();
      return ExitCodes.OK;
    }
  }
}
