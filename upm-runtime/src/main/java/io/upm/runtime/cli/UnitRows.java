package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.cli.StatusView.UnitRow;
import io.upm.runtime.cli.StatusView.VolumeRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One row for each unit, and for each node of a topology that is no unit. Pure. */
final class UnitRows {
  private final Snapshot snapshot;
  private final Map<String, Map<?, ?>> nodes = new HashMap<>();

  UnitRows(Snapshot snapshot) {
    this.snapshot = snapshot;
    for (GenericKubernetesResource topology : snapshot.topologies()) {
      Fields.entries(Fields.at(topology, "status", "topology")).forEach(nodes::putIfAbsent);
    }
  }

  List<UnitRow> rows() {
    var rows = new ArrayList<UnitRow>();
    snapshot.units().stream()
        .sorted(Comparator.comparingInt(UnitRows::ordinal))
        .map(this::unitRow)
        .forEach(rows::add);
    Set<String> shown = rows.stream().map(UnitRow::name).collect(Collectors.toSet());
    nodes.keySet().stream()
        .filter(name -> !shown.contains(name))
        .sorted()
        .map(this::nodeRow)
        .forEach(rows::add);
    return rows;
  }

  private UnitRow unitRow(Unit unit) {
    String name = unit.getMetadata().getName();
    Optional<UnitStatus> status = Optional.ofNullable(unit.getStatus());
    Optional<UnitStatus.AgentStatus> agent = status.map(UnitStatus::agent);
    Map<?, ?> node = nodes.getOrDefault(name, Map.of());
    boolean ready = status.map(UnitStatus::phase).stream().anyMatch(UnitStatus.Phase.READY::equals);
    return new UnitRow(
        name,
        role(node, status.map(UnitStatus::role).orElse("")),
        ready,
        ready ? "" : status.map(UnitStatus::processState).orElse(""),
        Fields.number(node.get("lagSeconds")),
        Fields.text(node.get("position")),
        status.map(UnitStatus::nodeName).orElse(""),
        status.stream()
            .flatMap(known -> known.podIPs().stream())
            .map(UnitStatus.PodAddress::ip)
            .findFirst()
            .orElse(""),
        agent.map(UnitStatus.AgentStatus::version).orElse(""),
        agent.map(UnitStatus.AgentStatus::plugin).orElse(""),
        restarts(name),
        status.map(UnitStatus::engineStarts).orElse(null),
        status.stream()
            .flatMap(known -> known.persistentVolumeClaim().stream())
            .map(claim -> volume(name, claim))
            .toList());
  }

  private UnitRow nodeRow(String name) {
    Map<?, ?> node = nodes.getOrDefault(name, Map.of());
    String address = Fields.text(node.get("host")) + ":" + Fields.text(node.get("port"));
    boolean ready = Boolean.TRUE.equals(node.get("ready"));
    return new UnitRow(
        name,
        role(node, ""),
        ready,
        ready ? "" : Fields.text(node.get("problem")),
        Fields.number(node.get("lagSeconds")),
        Fields.text(node.get("position")),
        address,
        address,
        "",
        "",
        0,
        null,
        List.of());
  }

  /** What the topology observed; before that, what the engine says of itself. */
  private static String role(Map<?, ?> node, @Nullable String own) {
    String observed = Fields.text(node.get("role"));
    return observed.isEmpty() || observed.equals("None") ? Fields.text(own) : observed;
  }

  private int restarts(String unit) {
    return snapshot.pods().stream()
        .filter(pod -> pod.getMetadata().getName().equals(unit))
        .filter(pod -> pod.getStatus() != null)
        .map(Pod::getStatus)
        .flatMap(status -> status.getContainerStatuses().stream())
        .mapToInt(ContainerStatus::getRestartCount)
        .sum();
  }

  private static VolumeRow volume(String unit, UnitStatus.ClaimStatus claim) {
    String prefix = unit + "-";
    String name =
        claim.name().startsWith(prefix) ? claim.name().substring(prefix.length()) : claim.name();
    var capacity = claim.capacity();
    return new VolumeRow(
        name, capacity == null ? "" : capacity.storage().toString(), Fields.text(claim.phase()));
  }

  private static int ordinal(Unit unit) {
    Map<String, String> labels = unit.getMetadata().getLabels();
    String label = labels == null ? "" : labels.getOrDefault(Names.LABEL_ORDINAL, "");
    return label.matches("\\d{1,9}") ? Integer.parseInt(label) : Integer.MAX_VALUE;
  }
}
