package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.cli.StatusView.Concern;
import io.upm.runtime.cli.StatusView.Subject;
import io.upm.runtime.cli.StatusView.TopologyRow;
import io.upm.runtime.cli.StatusView.UnitRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** From what the API server said to what is shown. Pure. */
final class StatusAssembly {
  private final Snapshot snapshot;
  private final List<UnitRow> units;

  private StatusAssembly(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.units = new UnitRows(snapshot).rows();
  }

  /**
   * @throws IllegalArgumentException when the snapshot holds nothing of that name
   */
  static StatusView assemble(Snapshot snapshot) {
    if (!snapshot.found()) {
      throw new IllegalArgumentException("nothing found");
    }
    return new StatusAssembly(snapshot).view();
  }

  private StatusView view() {
    return new StatusView(
        snapshot.set().map(this::subject).orElseGet(this::topologySubject),
        units,
        snapshot.topologies().stream().map(StatusAssembly::topologyRow).toList(),
        new ServiceRows(snapshot).rows(),
        DeclaredRows.of(snapshot.attached()),
        CallRows.of(snapshot.attached().calls()),
        BackupRows.of(snapshot.attached().backups()),
        concerns());
  }

  private Subject subject(UnitSet set) {
    var spec = set.getSpec();
    UnitSetStatus status = set.getStatus();
    return new Subject(
        set.getKind(),
        set.getMetadata().getNamespace(),
        set.getMetadata().getName(),
        Trouble.unseen(set, observed(set)).isEmpty() && isTrue("Ready", conditions(set)),
        spec.type(),
        spec.version(),
        spec.topology() == null ? "" : spec.topology().mode(),
        spec.units(),
        status == null ? 0 : status.readyUnits());
  }

  private Subject topologySubject() {
    GenericKubernetesResource topology = snapshot.topologies().getFirst();
    return new Subject(
        topology.getKind(),
        topology.getMetadata().getNamespace(),
        topology.getMetadata().getName(),
        isReady(topology),
        "",
        "",
        Fields.text(Fields.at(topology, "spec", "mode")),
        units.size(),
        Math.toIntExact(units.stream().filter(UnitRow::ready).count()));
  }

  private static TopologyRow topologyRow(GenericKubernetesResource topology) {
    return new TopologyRow(
        topology.getKind(),
        topology.getMetadata().getName(),
        isReady(topology),
        Fields.text(Fields.at(topology, "status", "source")),
        Fields.text(Fields.at(topology, "status", "message")));
  }

  private List<Concern> concerns() {
    var concerns = new ArrayList<Concern>();
    for (var unit : snapshot.units()) {
      var status = unit.getStatus();
      concerns.addAll(
          Trouble.in(
              Trouble.Subject.of(unit), status == null ? List.of() : status.conditions(), false));
    }
    for (GenericKubernetesResource topology : snapshot.topologies()) {
      concerns.addAll(concernsOf(topology));
    }
    for (BackupSchedule schedule : snapshot.attached().schedules()) {
      var status = schedule.getStatus();
      concerns.addAll(
          Trouble.in(
              Trouble.Subject.of(schedule),
              status == null ? List.of() : status.conditions(),
              false));
    }
    boolean explained = !concerns.isEmpty();
    concerns.addAll(DeclaredRows.concerns(snapshot.attached()));
    snapshot
        .set()
        .ifPresent(set -> {
          concerns.addAll(Trouble.unseen(set, observed(set)));
          concerns.addAll(
              Trouble.in(
                  Trouble.Subject.of(set),
                  conditions(set),
                  explained || !Trouble.unseen(set, observed(set)).isEmpty()));
        });
    return concerns;
  }

  private static List<Concern> concernsOf(GenericKubernetesResource topology) {
    var subject = Trouble.Subject.of(topology);
    var concerns =
        new ArrayList<>(
            Trouble.unseen(
                topology, Fields.number(Fields.at(topology, "status", "observedGeneration"))));
    concerns.addAll(Trouble.waiting(subject, Fields.at(topology, "status", "waitingFor")));
    concerns.addAll(Trouble.nodes(subject, Fields.at(topology, "status", "topology")));
    concerns.addAll(Trouble.in(subject, Fields.conditions(topology), !concerns.isEmpty()));
    return concerns;
  }

  private static boolean isReady(GenericKubernetesResource topology) {
    return Boolean.TRUE.equals(Fields.at(topology, "status", "ready"))
        && Objects.equals(
            topology.getMetadata().getGeneration(),
            Fields.number(Fields.at(topology, "status", "observedGeneration")));
  }

  private static boolean isTrue(String type, List<Condition> conditions) {
    return conditions.stream()
        .anyMatch(
            condition -> condition.getType().equals(type) && "True".equals(condition.getStatus()));
  }

  private static List<Condition> conditions(UnitSet set) {
    return set.getStatus() == null ? List.of() : set.getStatus().conditions();
  }

  private static @org.jspecify.annotations.Nullable Long observed(UnitSet set) {
    return set.getStatus() == null ? null : set.getStatus().observedGeneration();
  }
}
