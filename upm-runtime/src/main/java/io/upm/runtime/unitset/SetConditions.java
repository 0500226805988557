package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.UnitConditions;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The conditions of a UnitSet. Pure. */
final class SetConditions {
  static final String READY = "Ready";
  static final String PROGRESSING = "Progressing";
  static final String DEGRADED = "Degraded";
  static final String VALID = "Valid";

  private static final String PLUGIN_MISSING = "PluginMissing";

  /** A unit that takes longer to become ready needs somebody to look at it. */
  static final Duration SLOW = Duration.ofMinutes(5);

  /** Somebody tells when the state is known; this is for the case that it never is. */
  private static final Duration BLIND_LOOK = Duration.ofSeconds(10);

  private final SetView view;
  private final SetDecision decision;

  SetConditions(SetView view, SetDecision decision) {
    this.view = view;
    this.decision = decision;
  }

  List<Wanted> wanted(List<String> failures) {
    return List.of(ready(), progressing(), degraded(failures), valid());
  }

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(READY, DEGRADED, VALID);
  }

  private Wanted ready() {
    int wanted = view.set().getSpec().units();
    if (!decision.problems().isEmpty()) {
      return Wanted.not(READY, problemReason(), sentences());
    }
    List<Unit> unready = view.units().stream().filter(unit -> !UnitState.isReady(unit)).toList();
    long ready = view.units().size() - unready.size();
    if (!unready.isEmpty() || view.units().size() < wanted) {
      String detail =
          unready.stream()
              .findFirst()
              .map(unit -> "; " + named(unit) + ": " + UnitState.trouble(unit))
              .orElse("");
      return Wanted.not(
          READY, "UnitsNotReady", "%d of %d units are ready%s".formatted(ready, wanted, detail));
    }
    if (view.set().getSpec().topology() != null) {
      return topologyReady(ready);
    }
    return allReady(ready);
  }

  private static Wanted allReady(long units) {
    return Wanted.is(READY, "AllReady", "all %d units are ready".formatted(units));
  }

  private Wanted topologyReady(long units) {
    Optional<TopologyState> state = view.topology().state();
    if (state.isPresent()) {
      return state.get().ready()
          ? allReady(units)
          : Wanted.not(READY, "TopologyNotReady", state.get().message());
    }
    UnitSetStatus last = view.set().getStatus();
    boolean wasReady = last != null && Conditions.isTrue(last.conditions(), READY);
    // A restart of the runtime changes no status.
    return wasReady && view.topology().warmingUp()
        ? allReady(units)
        : Wanted.not(READY, "TopologyForming", "the topology object is being made");
  }

  private Wanted progressing() {
    int wanted = view.set().getSpec().units();
    if (!decision.problems().isEmpty() || !decision.standstill().isEmpty()) {
      return Wanted.not(PROGRESSING, "Halted", "nothing is changed");
    }
    if (view.units().size() < wanted) {
      return Wanted.is(
          PROGRESSING,
          "ScalingOut",
          "%d of %d units are there".formatted(view.units().size(), wanted));
    }
    if (view.units().size() > wanted && decision.refusal().isEmpty()) {
      return Wanted.is(
          PROGRESSING,
          "ScalingIn",
          "%d units are there, %d are wanted".formatted(view.units().size(), wanted));
    }
    return rolling();
  }

  private Wanted rolling() {
    var roll = decision.roll();
    if (!roll.left().isEmpty()) {
      return Wanted.is(
          PROGRESSING,
          "RollingOut",
          "%s wait for %s".formatted(String.join(", ", roll.left()), roll.waitingFor()));
    }
    List<Unit> unsettled =
        view.units().stream().filter(unit -> !UnitState.isSettled(unit)).toList();
    if (!roll.now().isEmpty() || !unsettled.isEmpty()) {
      if (UpdateStrategySpec.orDefault(view.set().getSpec().updateStrategy()).onDelete()) {
        return Wanted.is(
            PROGRESSING, "OnDelete", "changed units wait until their Pods are deleted");
      }
      return Wanted.is(
          PROGRESSING,
          "UnitsStarting",
          unsettled.stream()
              .findFirst()
              .map(unit -> named(unit) + ": " + UnitState.trouble(unit))
              .orElse("units are being changed"));
    }
    return Wanted.not(PROGRESSING, "Done", "all is as the spec says");
  }

  private Wanted degraded(List<String> failures) {
    if (!decision.problems().isEmpty()) {
      return Wanted.is(DEGRADED, problemReason(), "nothing is changed: " + sentences());
    }
    if (!failures.isEmpty()) {
      return Wanted.is(DEGRADED, "Failed", String.join(" ", failures));
    }
    if (!decision.standstill().isEmpty() && !view.set().getSpec().pause()) {
      return Wanted.is(DEGRADED, PLUGIN_MISSING, decision.standstill());
    }
    if (!decision.refusal().isEmpty()) {
      return Wanted.is(DEGRADED, "ScaleInRefused", decision.refusal());
    }
    if (!decision.addOns().noCertificates().isEmpty()) {
      return Wanted.is(DEGRADED, "CertManagerMissing", decision.addOns().noCertificates());
    }
    Optional<Unit> slow = view.units().stream().filter(this::isSlow).findFirst();
    return slow.map(unit ->
            Wanted.is(
                DEGRADED,
                "UnitNotReady",
                "%s is not ready for more than %d minutes: %s%s"
                    .formatted(
                        named(unit),
                        SLOW.toMinutes(),
                        UnitState.trouble(unit),
                        decision.roll().left().isEmpty()
                            ? ""
                            : "; the roll-out is halted: reverting the spec heals it")))
        .orElseGet(() -> Wanted.not(DEGRADED, "Healthy", "no help is needed"));
  }

  private Wanted valid() {
    if (!decision.problems().isEmpty()) {
      return Wanted.not(VALID, problemReason(), sentences());
    }
    if (view.engines().engine().isEmpty()) {
      return new Wanted(VALID, Conditions.UNKNOWN, PLUGIN_MISSING, decision.standstill());
    }
    return Wanted.is(VALID, "Valid", String.join("; ", validNotes()));
  }

  private List<String> validNotes() {
    var notes = new ArrayList<String>();
    notes.add("the spec can be carried out");
    if (view.references().sharedMissing()) {
      notes.add(
          "there is no ConfigMap \"%s\", so the engine's own ports are used"
              .formatted(view.set().getSpec().sharedConfigName()));
    }
    if (!decision.addOns().noMonitoring().isEmpty()) {
      notes.add(decision.addOns().noMonitoring());
    }
    return notes;
  }

  /**
   * When a unit that isn't ready will have been so for too long, or one that is for long enough;
   * empty when none is waited for.
   */
  static Optional<Duration> nextLook(SetView view) {
    if (view.isBlind()) {
      return Optional.of(BLIND_LOOK);
    }
    Duration minReady = view.set().getSpec().minReady();
    return view.units().stream()
        .flatMap(unit ->
            Stream.concat(
                unreadySince(unit).map(since -> since.plus(SLOW).plusSeconds(1)).stream(),
                UnitState.lasting(unit, minReady).stream()))
        .map(then -> Duration.between(view.now(), then))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }

  private boolean isSlow(Unit unit) {
    return unreadySince(unit).filter(since -> view.now().isAfter(since.plus(SLOW))).isPresent();
  }

  private static Optional<Instant> unreadySince(Unit unit) {
    if (unit.getStatus() == null || !unit.getSpec().running()) {
      return Optional.empty();
    }
    return Conditions.find(unit.getStatus().conditions(), UnitConditions.READY)
        .filter(condition -> Conditions.FALSE.equals(condition.getStatus()))
        .map(Condition::getLastTransitionTime)
        .map(Instant::parse);
  }

  /** With no engine at all no other spec would be valid either. */
  private String problemReason() {
    return view.engines().types().isEmpty() ? PLUGIN_MISSING : "InvalidSpec";
  }

  private String sentences() {
    return decision.problems().stream().map(Problem::sentence).collect(Collectors.joining("; "));
  }

  private static String named(Unit unit) {
    return unit.getMetadata().getName();
  }
}
