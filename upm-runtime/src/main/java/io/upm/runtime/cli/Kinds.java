package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.upm.runtime.api.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which kinds of UPM's group the cluster serves. */
final class Kinds {
  /** Kinds of the group that are no topologies. */
  private static final Set<String> STATIC_KINDS =
      Set.of(
          "UnitSet",
          "Unit",
          "Project",
          "GrpcCall",
          "Backup",
          "BackupSchedule",
          "Database",
          "DatabaseUser",
          "Plugin");

  private final KubernetesClient client;

  Kinds(KubernetesClient client) {
    this.client = client;
  }

  /** Whether UnitSets and Units are served. */
  boolean installed() {
    return versions().contains(Names.VERSION);
  }

  /** Every kind that is none of the runtime's own, in its first served version. */
  Map<String, ResourceDefinitionContext> topologies() {
    Map<String, ResourceDefinitionContext> kinds = all();
    kinds.keySet().removeAll(STATIC_KINDS);
    return kinds;
  }

  /** Every kind of the group in its first served version, in the server's order. */
  Map<String, ResourceDefinitionContext> all() {
    var kinds = new LinkedHashMap<String, ResourceDefinitionContext>();
    for (String version : versions()) {
      for (APIResource resource :
          client.getApiResources(Names.GROUP + "/" + version).getResources()) {
        if (resource.getName().indexOf('/') < 0) {
          kinds.putIfAbsent(resource.getKind(), context(version, resource));
        }
      }
    }
    return kinds;
  }

  private static ResourceDefinitionContext context(String version, APIResource resource) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(Names.GROUP)
        .withVersion(version)
        .withKind(resource.getKind())
        .withPlural(resource.getName())
        .withNamespaced(resource.getNamespaced())
        .build();
  }

  private List<String> versions() {
    var group = client.getApiGroup(Names.GROUP);
    return group == null
        ? List.of()
        : group.getVersions().stream().map(GroupVersionForDiscovery::getVersion).toList();
  }
}
