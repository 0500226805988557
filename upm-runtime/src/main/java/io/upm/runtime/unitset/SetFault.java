package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.host.plugin.PluginFault;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The status of a UnitSet that could not be looked at because its plugin failed: as it was, with
 * the plugin and what it did. Pure.
 */
final class SetFault {
  private SetFault() {}

  /** The status; empty when something else failed. */
  static Optional<UnitSetStatus> status(UnitSet set, Throwable failure, Instant now) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PluginFault fault) {
        return Optional.of(status(set, String.valueOf(fault.getMessage()), now));
      }
    }
    return Optional.empty();
  }

  private static UnitSetStatus status(UnitSet set, String message, Instant now) {
    UnitSetStatus last =
        set.getStatus() != null
            ? set.getStatus()
            : new UnitSetStatus(null, 0, 0, null, null, null, null, null, null, null, List.of());
    var conditions = new ArrayList<Condition>(last.conditions());
    conditions.removeIf(one -> SetConditions.DEGRADED.equals(one.getType()));
    conditions.addAll(
        Conditions.merge(
            last.conditions(),
            List.of(Wanted.is(SetConditions.DEGRADED, "PluginFault", message)),
            set.getMetadata().getGeneration(),
            now));
    return new UnitSetStatus(
        last.observedGeneration(),
        last.units(),
        last.readyUnits(),
        last.inUpdate(),
        last.unitPVCSynced(),
        last.unitImageSynced(),
        last.unitResourceSynced(),
        last.selector(),
        last.externalService(),
        last.unitService(),
        conditions);
  }
}
