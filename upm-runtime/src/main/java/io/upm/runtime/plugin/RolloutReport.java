package io.upm.runtime.plugin;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Events.Note;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a Plugin's status says of the version that was rolled out last. Pure. */
final class RolloutReport {
  private RolloutReport() {}

  /** What it says once a decision is carried out. */
  static @Nullable Rollout after(PluginView view, PluginDecision decision) {
    Rollout last = DecideRollback.rollout(view.plugin());
    if (decision.serve().isPresent()) {
      Staged staged = decision.serve().get();
      return isKnownGood(view.plugin(), staged) ? null : begun(view, staged, RolloutPhase.PROMOTED);
    }
    if (decision.tried().isPresent()) {
      return begun(view, decision.tried().get(), RolloutPhase.CANARY);
    }
    if (last != null && decision.retreat().isPresent()) {
      return new Rollout(
          last.version(),
          last.digest(),
          generation(view.plugin()),
          RolloutPhase.ROLLED_BACK,
          Conditions.time(view.now()),
          null,
          decision.retreat().get().why());
    }
    return last != null && last.phase() == RolloutPhase.CANARY ? canary(view, last) : last;
  }

  /** A version that served here before, unless it was taken back or only tried. */
  static boolean isKnownGood(Plugin plugin, Staged staged) {
    String digest = Wishes.prefixed(staged.archive().key().digest());
    Rollout last = DecideRollback.rollout(plugin);
    boolean unproven =
        last != null && last.phase() != RolloutPhase.PROMOTED && last.digest().equals(digest);
    return !unproven
        && Wishes.entries(plugin).stream().anyMatch(one -> one.digest().equals(digest));
  }

  private static Rollout begun(PluginView view, Staged staged, RolloutPhase phase) {
    return new Rollout(
        staged.archive().key().version(),
        Wishes.prefixed(staged.archive().key().digest()),
        generation(view.plugin()),
        phase,
        Conditions.time(view.now()),
        null,
        null);
  }

  /** Ends when the spec wants something else. */
  private static @Nullable Rollout canary(PluginView view, Rollout last) {
    return DecideCanary.isOn(view.plugin())
        ? new Rollout(
            last.version(),
            last.digest(),
            generation(view.plugin()),
            last.phase(),
            Conditions.time(DecideCanary.since(view, last)),
            DecideCanary.sets(view),
            null)
        : null;
  }

  /** An Event for a version that begins to be tried, or has proved itself. */
  static Optional<Note> note(@Nullable Rollout before, @Nullable Rollout after) {
    if (after == null || (before != null && before.phase() == after.phase())) {
      return Optional.empty();
    }
    return switch (after.phase()) {
      case CANARY ->
          Optional.of(
              new Note(
                  false,
                  "Canary",
                  "version %s serves some UnitSets first".formatted(after.version())));
      case PROMOTED ->
          before == null || before.phase() != RolloutPhase.CANARY
              ? Optional.empty()
              : Optional.of(
                  new Note(
                      false, "Promoted", "version %s proved itself".formatted(after.version())));
      case ROLLED_BACK -> Optional.empty();
    };
  }

  private static long generation(Plugin plugin) {
    Long generation = plugin.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }
}
