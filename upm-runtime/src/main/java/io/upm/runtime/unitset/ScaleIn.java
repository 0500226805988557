package io.upm.runtime.unitset;

import io.upm.runtime.api.ClaimRetentionSpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSpec;
import io.upm.runtime.unit.UnitLabels;
import java.util.List;
import java.util.Optional;

/**
 * How many units are kept, and which goes. Pure.
 *
 * @param count units that the set is to have for now
 * @param condemned whether a unit beyond them is being removed
 * @param now the Unit that goes now
 * @param refusal why a unit isn't removed; empty when nothing is refused
 * @param handingOver name of the unit that takes no more writes before it goes; empty for none
 */
record ScaleIn(
    int count,
    Optional<Unit> condemned,
    Optional<Unit> now,
    String refusal,
    Optional<String> handingOver) {
  private static final String BLIND =
      "no unit is removed while it is not known which one takes the writes";

  static ScaleIn decide(SetView view, SetPlan plan) {
    int wanted = plan.spec().units();
    List<Unit> surplus =
        view.units().stream().filter(unit -> UnitLabels.ordinal(unit) >= wanted).toList();
    if (surplus.isEmpty()) {
      return keep(wanted, "", Optional.empty());
    }
    Unit last = surplus.getLast();
    if (view.isBlind()) {
      return keep(UnitLabels.ordinal(last) + 1, BLIND, Optional.empty());
    }
    Optional<Unit> source =
        surplus.stream()
            .filter(unit -> unit.getMetadata().getName().equals(view.source()))
            .findFirst();
    int count = source.map(unit -> UnitLabels.ordinal(unit) + 1).orElse(wanted);
    Optional<String> handingOver =
        source.map(unit -> unit.getMetadata().getName()).filter(name -> hasHeir(view, wanted));
    String refusal = source.isPresent() && handingOver.isEmpty() ? refusal(view, source.get()) : "";
    boolean going = last.getMetadata().getDeletionTimestamp() != null;
    if (UnitLabels.ordinal(last) < count || going || isNeeded(last, view)) {
      return keep(count, refusal, handingOver);
    }
    // Its claims must belong to it before it goes, if they are to go with it.
    boolean ready = !deletesClaims(plan) || ownsClaims(last);
    return new ScaleIn(
        count,
        Optional.of(last),
        ready ? Optional.of(last) : Optional.empty(),
        refusal,
        handingOver);
  }

  /**
   * Whether a unit may hold what others lack: one that took writes until a moment ago, above all.
   * The topology is ready when those that stay do without it; it says itself what is awaited.
   */
  private static boolean isNeeded(Unit unit, SetView view) {
    return UnitState.isReady(unit)
        && view.set().getSpec().topology() != null
        && view.topology().state().filter(state -> !state.ready()).isPresent();
  }

  private static ScaleIn keep(int count, String refusal, Optional<String> handingOver) {
    return new ScaleIn(count, Optional.empty(), Optional.empty(), refusal, handingOver);
  }

  /** Whether one of the units that stay can take over. */
  private static boolean hasHeir(SetView view, int wanted) {
    String heir = view.successor();
    return view.units().stream()
        .filter(unit -> UnitLabels.ordinal(unit) < wanted)
        .anyMatch(unit -> unit.getMetadata().getName().equals(heir));
  }

  /** While a topology isn't ready it says itself what is awaited, a switchover for example. */
  private static String refusal(SetView view, Unit source) {
    return view.topology().state().filter(state -> !state.ready()).isPresent()
        ? ""
        : "%s takes the writes, so it is not removed: make another unit the source first"
            .formatted(source.getMetadata().getName());
  }

  private static boolean deletesClaims(SetPlan plan) {
    return ClaimRetentionSpec.orDefault(plan.spec().persistentVolumeClaimRetentionPolicy())
        .deletesWhenScaled();
  }

  private static boolean ownsClaims(Unit unit) {
    return unit.getSpec().claimOwner() == UnitSpec.ClaimOwner.UNIT && UnitState.isObserved(unit);
  }
}
