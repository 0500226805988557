package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin rollback}. */
@Command(
    name = "rollback",
    description = {
      "Has the version serve that served before, or another one that is still here: exactly that"
          + " build, without asking its source."
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
    footer = {"  upm plugin rollback my-engine", "  upm plugin rollback my-engine 1.0.0"})
final class PluginRollbackCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();
  @Mixin private final WaitOptions waiting = new WaitOptions();

  @Parameters(index = "0", paramLabel = "PLUGIN", description = "The plugin's id.")
  @SuppressWarnings("NullAway.Init") // required
  private String id;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "A version of upm plugin list; the one before when not given.")
  private @Nullable String version;

  @Override
  public Integer call() {
    try (KubernetesClient client = connection.open()) {
      var installation = new Installation(client, id);
      VersionStatus target = target(installation.find(), version);
      spec.commandLine()
          .getOut()
          .printf("rolling %s back to version %s (%s)%n", id, target.version(), target.digest());
      spec.commandLine().getOut().flush();
      return installation.await(
          installation.want(target.version(), target.digest(), null),
          waiting,
          spec.commandLine().getErr());
    }
  }

  /**
   * The build to go back to.
   *
   * @throws CliException when there is none
   */
  static VersionStatus target(Plugin plugin, @Nullable String version) {
    String id = plugin.getMetadata().getName();
    String serving = plugin.getStatus() == null ? null : plugin.getStatus().digest();
    List<VersionStatus> others =
        plugin.getStatus() == null
            ? List.of()
            : plugin.getStatus().versions().stream()
                .filter(one -> !one.digest().equals(serving))
                .toList();
    return others.stream()
        .filter(one -> version == null || one.version().equals(version))
        .findFirst()
        .orElseThrow(() ->
            new CliException(
                ExitCodes.NOT_FOUND,
                "there is no other %s of plugin %s; there is: %s"
                    .formatted(
                        version == null ? "version" : "build of version " + version,
                        id,
                        others.isEmpty()
                            ? "none"
                            : others.stream()
                                .map(VersionStatus::version)
                                .collect(Collectors.joining(", ")))));
  }
}
