package io.upm.runtime.plugin;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.engine.Breaker;
import io.upm.runtime.kube.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the version that serves makes room for the one before it. Pure. The rules:
 *
 * <ol>
 *   <li>Only a version that is new here is taken back: one that served before isn't worse than
 *       itself, and who went back to it did so on purpose.
 *   <li>Only within an hour. What fails later fails for another reason.
 *   <li>It is not tried again until the spec changes.
 * </ol>
 */
final class DecideRollback {
  static final Duration PROBATION = Duration.ofHours(1);

  private DecideRollback() {}

  /**
   * What serves instead.
   *
   * @param to the version before; empty for what came with the runtime
   * @param why as a sentence
   */
  record Retreat(Optional<VersionStatus> to, String why) {}

  static Optional<Retreat> decide(PluginView view) {
    PluginPackageStatus status = view.plugin().getStatus();
    boolean mayGoBack =
        onProbation(view)
            && view.plugin().getSpec().rollsBack()
            && !view.plugin().getSpec().suspended();
    if (!mayGoBack) {
      return Optional.empty();
    }
    Optional<Breaker.Trip> trip = view.trip(Wishes.bare(String.valueOf(status.digest())));
    Optional<VersionStatus> former =
        status.versions().stream().filter(one -> !Wishes.isServing(view.plugin(), one)).findFirst();
    return trip.filter(failure -> former.isPresent() || view.builtIn().isPresent())
        .map(failure -> new Retreat(former, failure.sentence()));
  }

  private static boolean onProbation(PluginView view) {
    Rollout rollout = rollout(view.plugin());
    return rollout != null
        && rollout.phase() == RolloutPhase.PROMOTED
        && rollout.digest().equals(view.plugin().getStatus().digest())
        && view.fulfilled()
        && view.now().isBefore(Instant.parse(rollout.since()).plus(PROBATION));
  }

  /** Whether what the spec wants was taken back, and the spec is still the same. */
  static boolean tookBack(Plugin plugin) {
    Rollout rollout = rollout(plugin);
    return rollout != null
        && rollout.phase() == RolloutPhase.ROLLED_BACK
        && Long.valueOf(rollout.generation()).equals(plugin.getMetadata().getGeneration());
  }

  /** What is said of the version that the spec wants, and what serves instead. */
  static PluginDecision tookBack(PluginView view, Retreat retreat) {
    return tookBack(view.plugin(), retreat.why()).retreating(retreat);
  }

  /** As above, when it was done already. */
  static PluginDecision tookBack(Plugin plugin, String why) {
    return PluginDecision.of(
            Conditions.FALSE,
            "RolledBack",
            "version %s was taken back: %s".formatted(plugin.getSpec().version(), why))
        .awaiting(
            "the spec changes",
            "name a version that is mended in spec.version; to try this one again, change anything"
                + " in spec");
  }

  /** Why the version that was rolled out last was taken back. */
  static String reason(Plugin plugin) {
    Rollout rollout = rollout(plugin);
    return rollout == null || rollout.reason() == null ? "it failed" : rollout.reason();
  }

  static @Nullable Rollout rollout(Plugin plugin) {
    return plugin.getStatus() == null ? null : plugin.getStatus().rollout();
  }
}
