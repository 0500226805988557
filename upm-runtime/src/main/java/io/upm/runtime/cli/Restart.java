package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.unit.UnitLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a restart is, and how far it has come. Pure. */
final class Restart {
  private final List<String> units;
  private final Map<String, String> before;

  private Restart(List<String> units, Map<String, String> before) {
    this.units = List.copyOf(units);
    this.before = Map.copyOf(before);
  }

  /**
   * The restart of what is meant.
   *
   * @param force whether a unit is restarted though others are away
   * @throws CliException when it can't or shouldn't be done
   */
  static Restart of(Target target, boolean force) {
    List<Unit> meant = target.whole() ? ofSet(target) : ofUnit(target, force);
    var uids = new HashMap<String, String>();
    for (Unit unit : meant) {
      target
          .pod(unit)
          .ifPresent(pod -> uids.put(unit.getMetadata().getName(), pod.getMetadata().getUid()));
    }
    return new Restart(meant.stream().map(unit -> unit.getMetadata().getName()).toList(), uids);
  }

  /** Names in the order in which they are expected to go. */
  List<String> units() {
    return units;
  }

  /** Whether its Pod must be deleted, since nobody else replaces it. */
  static boolean needsDeletion(Target target) {
    return !target.whole() && !target.replicasFirst().getFirst().getSpec().replacesPod();
  }

  Patience.Look<Target> look(Target now) {
    var back = new ArrayList<String>();
    var under = new ArrayList<String>();
    for (Unit unit : now.units()) {
      String name = unit.getMetadata().getName();
      if (!units.contains(name)) {
        continue;
      }
      Optional<Pod> pod = now.pod(unit);
      if (pod.isPresent() && isAnother(pod.get(), name) && serves(unit, pod.get())) {
        back.add(name);
      } else if (pod.isEmpty() || isAnother(pod.get(), name) || isEnding(pod.get())) {
        under.add(name);
      }
    }
    boolean done = back.size() == units.size();
    String told =
        "%d of %d restarted%s"
            .formatted(
                back.size(),
                units.size(),
                under.isEmpty() ? "" : ", " + String.join(", ", under) + " under way");
    return new Patience.Look<>(now, done, told);
  }

  private boolean isAnother(Pod pod, String unit) {
    return !pod.getMetadata().getUid().equals(before.get(unit)) && !isEnding(pod);
  }

  private static boolean isEnding(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private static boolean serves(Unit unit, Pod pod) {
    if (!unit.getSpec().running()) {
      return true;
    }
    boolean ready =
        pod.getStatus() != null
            && pod.getStatus().getConditions().stream()
                .anyMatch(one -> one.getType().equals("Ready") && one.getStatus().equals("True"));
    return ready && isReady(unit);
  }

  private static boolean isReady(Unit unit) {
    return unit.getStatus() != null && unit.getStatus().phase() == UnitStatus.Phase.READY;
  }

  private static List<Unit> ofSet(Target target) {
    boolean paused = target.set().map(set -> set.getSpec()).map(UnitSetSpec::pause).orElse(false);
    if (paused) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "%s is paused, so nothing would happen: upm resume %s"
              .formatted(target.about(), target.name()));
    }
    List<String> names =
        target.replicasFirst().stream().map(unit -> unit.getMetadata().getName()).toList();
    if (target.strategy().onDelete()) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "%s has updateStrategy.type OnDelete, so UPM replaces no Pod by itself: restart its units"
                  .formatted(target.about())
              + " one by one, in this order: upm restart "
              + String.join(", upm restart ", names));
    }
    int partition = target.strategy().partition();
    List<Unit> meant =
        target.replicasFirst().stream()
            .filter(unit -> UnitLabels.ordinal(unit) >= partition)
            .toList();
    if (meant.isEmpty()) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "updateStrategy.rollingUpdate.partition of %s is %d, so no unit would be restarted: lower"
                  .formatted(target.about(), partition)
              + " it, or restart single units");
    }
    return meant;
  }

  private static List<Unit> ofUnit(Target target, boolean force) {
    List<Unit> meant = target.replicasFirst();
    List<String> away =
        target.units().stream()
            .filter(unit -> !Objects.equals(unit, meant.getFirst()))
            .filter(unit -> unit.getSpec().running() && !isReady(unit))
            .map(unit -> unit.getMetadata().getName())
            .toList();
    if (!away.isEmpty() && !force) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "%s isn't ready, so %s is not restarted as well; --force restarts it nevertheless"
              .formatted(String.join(", ", away), target.name()));
    }
    return meant;
  }
}
