package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads all that a status is made of. */
final class ClusterReader {
  private final KubernetesClient client;

  ClusterReader(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server can't be
   *     reached or refuses
   */
  Snapshot read(String namespace, String name) {
    Optional<UnitSet> set =
        new Kinds(client).installed()
            ? Optional.ofNullable(
                client.resources(UnitSet.class).inNamespace(namespace).withName(name).get())
            : Optional.empty();
    List<Unit> units =
        set.isEmpty()
            ? List.of()
            : client
                .resources(Unit.class)
                .inNamespace(namespace)
                .withLabel(Names.LABEL_SET, name)
                .list()
                .getItems();
    return new Snapshot(
        set,
        units,
        set.isEmpty()
            ? List.of()
            : client
                .pods()
                .inNamespace(namespace)
                .withLabel(Names.LABEL_SET, name)
                .list()
                .getItems(),
        topologies(namespace, name, set, units),
        client.services().inNamespace(namespace).list().getItems(),
        client.discovery().v1().endpointSlices().inNamespace(namespace).list().getItems(),
        attached(namespace, name, units));
  }

  private Attached attached(String namespace, String name, List<Unit> units) {
    return new Attached(
        of(Backup.class, namespace).stream()
            .filter(backup -> isOf(backup.getSpec(), name, units))
            .toList(),
        of(BackupSchedule.class, namespace).stream()
            .filter(schedule -> isOf(schedule.getSpec().backup(), name, units))
            .toList(),
        of(Database.class, namespace).stream()
            .filter(database -> database.getSpec().unitSet().equals(name))
            .toList(),
        of(DatabaseUser.class, namespace).stream()
            .filter(user -> user.getSpec().unitSet().equals(name))
            .toList(),
        of(GrpcCall.class, namespace).stream()
            .filter(call -> isAmong(units, call.getSpec().targetUnit()))
            .toList());
  }

  /** None where the kind isn't served, as by a runtime that is older than this command. */
  private <T extends HasMetadata> List<T> of(Class<T> kind, String namespace) {
    return new Kinds(client).all().containsKey(HasMetadata.getKind(kind))
        ? client.resources(kind).inNamespace(namespace).list().getItems()
        : List.of();
  }

  private static boolean isOf(BackupSpec spec, String set, List<Unit> units) {
    return set.equals(spec.unitSet()) || isAmong(units, spec.unit());
  }

  private static boolean isAmong(List<Unit> units, @Nullable String name) {
    return units.stream().anyMatch(unit -> unit.getMetadata().getName().equals(name));
  }

  private List<GenericKubernetesResource> topologies(
      String namespace, String name, Optional<UnitSet> set, List<Unit> units) {
    Set<String> unitNames =
        units.stream().map(unit -> unit.getMetadata().getName()).collect(Collectors.toSet());
    var found = new ArrayList<GenericKubernetesResource>();
    for (ResourceDefinitionContext kind : new Kinds(client).topologies().values()) {
      client.genericKubernetesResources(kind).inNamespace(namespace).list().getItems().stream()
          .filter(object ->
              object.getMetadata().getName().equals(name)
                  || set.filter(owner -> owns(owner, object)).isPresent()
                  || Fields.entries(Fields.at(object, "status", "topology")).keySet().stream()
                      .anyMatch(unitNames::contains))
          .forEach(found::add);
    }
    return found;
  }

  private static boolean owns(HasMetadata owner, HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
  }
}
