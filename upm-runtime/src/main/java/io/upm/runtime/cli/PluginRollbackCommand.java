package io.upm.runtime.cli;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
  @Mixin private final PluginAction action = new PluginAction();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "A version of upm plugin list; the one before when not given.")
  private @Nullable String version;

  @Override
  public Integer call() {
    return action.want((client, installation) -> {
      VersionStatus target = target(installation.find(), version);
      action
          .out()
          .printf(
              "rolling %s back to version %s (%s)%n",
              action.id(), target.version(), target.digest());
      action.out().flush();
      return installation.want(target.version(), target.digest(), null);
    });
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
