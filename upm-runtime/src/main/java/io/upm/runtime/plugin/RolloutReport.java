package io.upm.runtime.plugin;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.kube.Conditions;
import org.jspecify.annotations.Nullable;

/** What a Plugin's status says of the version that was rolled out last. Pure. */
final class RolloutReport {
  private RolloutReport() {}

  /** What it says once a decision is carried out. */
  static @Nullable Rollout after(PluginView view, PluginDecision decision) {
    Rollout last = DecideRollback.rollout(view.plugin());
    if (decision.serve().isPresent()) {
      return begun(view, decision.serve().get());
    }
    if (decision.retreat().isPresent() && last != null) {
      return new Rollout(
          last.version(),
          last.digest(),
          generation(view.plugin()),
          RolloutPhase.ROLLED_BACK,
          Conditions.time(view.now()),
          decision.retreat().get().why());
    }
    return last;
  }

  /** A version that served here before isn't rolled out, unless it was taken back. */
  private static @Nullable Rollout begun(PluginView view, Staged staged) {
    String digest = Wishes.prefixed(staged.archive().key().digest());
    Rollout last = DecideRollback.rollout(view.plugin());
    boolean failed =
        last != null && last.phase() == RolloutPhase.ROLLED_BACK && last.digest().equals(digest);
    boolean known =
        Wishes.entries(view.plugin()).stream().anyMatch(one -> one.digest().equals(digest));
    return known && !failed
        ? null
        : new Rollout(
            staged.archive().key().version(),
            digest,
            generation(view.plugin()),
            RolloutPhase.PROMOTED,
            Conditions.time(view.now()),
            null);
  }

  private static long generation(Plugin plugin) {
    Long generation = plugin.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }
}
