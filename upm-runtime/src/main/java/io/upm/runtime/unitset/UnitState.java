package io.upm.runtime.unitset;

import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.unit.UnitConditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Unit's status says to its set. */
final class UnitState {
  private UnitState() {}

  /** Whether its status is about its spec as it stands. */
  static boolean isObserved(Unit unit) {
    return unit.getStatus() != null
        && Objects.equals(
            unit.getStatus().observedGeneration(), unit.getMetadata().getGeneration());
  }

  static boolean isReady(Unit unit) {
    return unit.getStatus() != null && unit.getStatus().phase() == UnitStatus.Phase.READY;
  }

  /** Whether its Pod is as its template says. */
  static boolean isUpdated(Unit unit) {
    return isObserved(unit)
        && Conditions.isTrue(unit.getStatus().conditions(), UnitConditions.UPDATED);
  }

  /** Whether it has become what it should be: ready, or stopped because its spec says so. */
  static boolean isSettled(Unit unit) {
    return isUpdated(unit) && (isReady(unit) || !unit.getSpec().running());
  }

  /** Whether its engine has to be started again before all of its parameters are in force. */
  static boolean needsRestart(Unit unit) {
    return config(unit).filter(UnitConditions.RESTART_NEEDED::equals).isPresent();
  }

  /** Whether its engine has its configuration, and what somebody changed in it is all there is. */
  static boolean hasConfig(Unit unit) {
    return config(unit)
        .filter(reason ->
            reason.equals(UnitConditions.APPLIED) || reason.equals(UnitConditions.DRIFTED))
        .isPresent();
  }

  /** Reason of the condition about its configuration, when that is about its spec as it stands. */
  private static Optional<String> config(Unit unit) {
    return isObserved(unit)
        ? Conditions.find(unit.getStatus().conditions(), UnitConditions.CONFIG_APPLIED)
            .map(condition -> condition.getReason())
        : Optional.empty();
  }

  /**
   * When it will have been ready for some time with the Pod that it has; empty while it isn't
   * ready. Times in conditions are whole seconds, so it is a second later at most, never earlier.
   */
  static Optional<Instant> lasting(Unit unit, Duration time) {
    if (!isReady(unit) || time.isZero()) {
      return Optional.empty();
    }
    return Stream.of(UnitConditions.READY, UnitConditions.UPDATED)
        .flatMap(type -> Conditions.find(unit.getStatus().conditions(), type).stream())
        .filter(condition -> Conditions.TRUE.equals(condition.getStatus()))
        .map(condition -> Instant.parse(condition.getLastTransitionTime()))
        .max(Instant::compareTo)
        .map(since -> since.plus(time).plusSeconds(1));
  }

  /** Whether it has been ready for some time, or isn't to be ready at all. */
  static boolean hasLasted(Unit unit, Duration time, Instant now) {
    return lasting(unit, time).map(then -> !now.isBefore(then)).orElse(true);
  }

  /** Why it is not ready. */
  static String trouble(Unit unit) {
    return unit.getStatus() == null
        ? "it is new"
        : Conditions.find(unit.getStatus().conditions(), UnitConditions.READY)
            .map(condition -> condition.getMessage())
            .orElse("it is new");
  }
}
