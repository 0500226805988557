package io.upm.runtime.plugin;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.api.RolloutSpec;
import io.upm.runtime.engine.Breaker;
import io.upm.runtime.engine.CanaryRule;
import io.upm.runtime.engine.SetRef;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.DecideRollback.Retreat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides how far a build goes that is to serve some UnitSets before all. Pure. The rules:
 *
 * <ol>
 *   <li>Only a version that is new here is tried so, and only when another one serves meanwhile.
 *   <li>It is taken back when its breaker trips, or more of its calls fail than may.
 *   <li>When the pause is over it serves all. Without any UnitSet that tries it that would prove
 *       nothing, so the pause begins with the first one.
 * </ol>
 */
final class DecideCanary {
  static final String CANARY = "Canary";
  private static final int ALL = 100;

  private DecideCanary() {}

  /** What follows for a build that is in order; empty when it may serve all at once. */
  static Optional<PluginDecision> decide(PluginView view, Staged staged) {
    if (!isTried(view, staged)) {
      return Optional.empty();
    }
    Rollout rollout = DecideRollback.rollout(view.plugin());
    String digest = Wishes.prefixed(staged.archive().key().digest());
    if (rollout == null || !isOn(view.plugin()) || !rollout.digest().equals(digest)) {
      return Optional.of(
          waiting(view, "version %s is about to serve some UnitSets".formatted(version(view)))
              .trying(staged));
    }
    Optional<String> failure = failure(view, Wishes.bare(digest));
    if (failure.isPresent()) {
      return Optional.of(DecideRollback.tookBack(view, back(view, failure.get())));
    }
    return goesOn(view, since(view, rollout));
  }

  /** Whether the spec has a version tried at the moment. */
  static boolean isOn(Plugin plugin) {
    Rollout rollout = DecideRollback.rollout(plugin);
    PluginPackageSpec spec = plugin.getSpec();
    return rollout != null
        && rollout.phase() == RolloutPhase.CANARY
        && rollout.version().equals(spec.version())
        && (spec.digest() == null || spec.digest().equals(rollout.digest()));
  }

  /** Since when it is tried. */
  static Instant since(PluginView view, Rollout rollout) {
    boolean first = Integer.valueOf(0).equals(rollout.unitSets()) && sets(view) > 0;
    return first ? view.now() : Instant.parse(rollout.since());
  }

  /** How long the pause lasts from now on; nothing when it is over or no version is tried. */
  static Duration left(PluginView view) {
    Rollout rollout = DecideRollback.rollout(view.plugin());
    if (rollout == null || !isOn(view.plugin())) {
      return Duration.ZERO;
    }
    Duration left =
        Duration.between(view.now(), since(view, rollout).plus(spec(view).pauseOrUsual()));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Which UnitSets are first; empty when none is. */
  static Optional<CanaryRule> rule(PluginPackageSpec spec) {
    return Optional.ofNullable(spec.rollout())
        .filter(RolloutSpec::inSteps)
        .map(one -> new CanaryRule(one.percent() == null ? 0 : one.percent(), one.selector()));
  }

  /** Whether a UnitSet is served by what is tried. */
  static boolean tries(Plugin plugin, UnitSetUse use) {
    return use.follows()
        && isOn(plugin)
        && rule(plugin.getSpec())
            .filter(rule -> rule.takes(new SetRef(use.namespace(), use.name()), use.labels()))
            .isPresent();
  }

  /** UnitSets that are served by what is tried. */
  static int sets(PluginView view) {
    String engine =
        Wishes.entries(view.plugin()).stream()
            .filter(one -> Wishes.isServing(view.plugin(), one))
            .map(one -> String.valueOf(one.engine()))
            .findFirst()
            .orElse("");
    return (int)
        view.uses().stream()
            .filter(use -> use.engine().equals(engine) && tries(view.plugin(), use))
            .count();
  }

  private static boolean isTried(PluginView view, Staged staged) {
    PluginPackageSpec spec = view.plugin().getSpec();
    Optional<VersionStatus> serving = serving(view);
    return rule(spec).isPresent()
        && serving.isPresent()
        && !serving.get().version().equals(staged.archive().key().version())
        && !RolloutReport.isKnownGood(view.plugin(), staged);
  }

  private static Optional<VersionStatus> serving(PluginView view) {
    return Wishes.entries(view.plugin()).stream()
        .filter(one -> Wishes.isServing(view.plugin(), one))
        .findFirst();
  }

  private static Optional<String> failure(PluginView view, String digest) {
    Breaker.Tally tally = view.tally(digest);
    int budget = spec(view).budgetOrUsual();
    return view.trip(digest)
        .map(Breaker.Trip::sentence)
        .or(() ->
            Optional.of(
                    "%d of its %d calls failed, and %d percent may"
                        .formatted(tally.faults(), tally.calls(), budget))
                .filter(sentence -> tally.faults() * ALL > budget * tally.calls()));
  }

  private static Retreat back(PluginView view, String why) {
    return new Retreat(serving(view), why);
  }

  private static Optional<PluginDecision> goesOn(PluginView view, Instant since) {
    Instant end = since.plus(spec(view).pauseOrUsual());
    int sets = sets(view);
    boolean over = !view.now().isBefore(end);
    if (over && sets > 0) {
      return Optional.empty();
    }
    return Optional.of(
        over
            ? waiting(view, "no UnitSet tries version %s".formatted(version(view)))
                .awaiting(
                    "a UnitSet tries it",
                    "change spec.rollout so that it chooses some, or leave it out")
            : waiting(view, "version %s serves %d UnitSets first".formatted(version(view), sets))
                .awaiting("it is " + Conditions.time(end), ""));
  }

  private static PluginDecision waiting(PluginView view, String message) {
    return PluginDecision.of(Conditions.UNKNOWN, CANARY, message);
  }

  private static RolloutSpec spec(PluginView view) {
    RolloutSpec spec = view.plugin().getSpec().rollout();
    return spec == null ? RolloutSpec.NONE : spec;
  }

  private static String version(PluginView view) {
    return view.plugin().getSpec().version();
  }
}
