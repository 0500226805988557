package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.runtime.unit.UnitLabels;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a command works on.
 *
 * @param namespace where it is
 * @param name as it was asked for
 * @param set the UnitSet of that name, or the one that the unit belongs to
 * @param whole whether the UnitSet was asked for, and not one unit of it
 * @param units all units of the set, or the one without a set
 * @param pods their Pods
 * @param source unit that takes writes; empty when none does, or it isn't known
 */
record Target(
    String namespace,
    String name,
    Optional<UnitSet> set,
    boolean whole,
    List<Unit> units,
    List<Pod> pods,
    String source) {
  Target {
    units = List.copyOf(units);
    pods = List.copyOf(pods);
  }

  static Target of(Snapshot snapshot, String namespace, String name, boolean whole) {
    return new Target(
        namespace,
        name,
        snapshot.set(),
        whole,
        snapshot.units(),
        snapshot.pods(),
        source(snapshot));
  }

  /** The units that are meant: those that take no writes first, the highest number first. */
  List<Unit> replicasFirst() {
    return units.stream()
        .filter(unit -> whole || unit.getMetadata().getName().equals(name))
        .sorted(
            Comparator.<Unit, Boolean>comparing(unit -> takesWrites(unit))
                .thenComparing(UnitLabels::ordinal, Comparator.reverseOrder()))
        .toList();
  }

  Optional<Pod> pod(Unit unit) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getName().equals(unit.getMetadata().getName()))
        .findFirst();
  }

  boolean takesWrites(Unit unit) {
    return unit.getMetadata().getName().equals(source);
  }

  /** Kind and name, for messages. */
  String about() {
    return (whole ? "UnitSet " : "Unit ") + name;
  }

  UpdateStrategySpec strategy() {
    return UpdateStrategySpec.orDefault(
        set.map(UnitSet::getSpec).map(UnitSetSpec::updateStrategy).orElse(null));
  }

  private static String source(Snapshot snapshot) {
    return snapshot.topologies().stream()
        .map(Target::source)
        .filter(source -> !source.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String source(GenericKubernetesResource topology) {
    return Fields.text(Fields.at(topology, "status", "source"));
  }
}
