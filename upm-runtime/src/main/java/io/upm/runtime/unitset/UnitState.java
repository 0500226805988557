package io.upm.runtime.unitset;

import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.unit.UnitConditions;
import java.util.Objects;

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

  /** Why it is not ready. */
  static String trouble(Unit unit) {
    return unit.getStatus() == null
        ? "it is new"
        : Conditions.find(unit.getStatus().conditions(), UnitConditions.READY)
            .map(condition -> condition.getMessage())
            .orElse("it is new");
  }
}
