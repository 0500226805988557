package io.upm.acceptance.node;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Plugin object whose zips lie in the runtime's Pods. */
record InstalledPlugin(Cluster cluster, String id) {
  void want(String version) {
    String yaml =
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Plugin
        metadata: {name: %s}
        spec: {source: "file:///tmp/%1$s-{version}.zip", version: "%s"}
        """
            .formatted(id, version);
    cluster
        .client
        .genericKubernetesResources(Cluster.cluster("Plugin"))
        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
        .fieldManager("acceptance")
        .forceConflicts()
        .serverSideApply();
  }

  void awaitServing(String version) {
    cluster.await(
        "version " + version + " serves",
        () ->
            find()
                .filter(Cluster::observed)
                .filter(found -> version.equals(Cluster.at(found, "status", "version")))
                .filter(found -> "True".equals(Cluster.condition(found, "Ready", "status")))
                .isPresent());
    awaitPhase(version, "Active");
  }

  void awaitPhase(String version, String phase) {
    cluster.await("version %s is %s".formatted(version, phase), () -> phase.equals(phase(version)));
  }

  private String phase(String version) {
    return find()
        .map(found -> Cluster.at(found, "status", "versions"))
        .filter(List.class::isInstance)
        .stream()
        .flatMap(versions -> ((List<?>) versions).stream())
        .filter(one -> one instanceof Map<?, ?> map && version.equals(map.get("version")))
        .map(one -> String.valueOf(((Map<?, ?>) one).get("phase")))
        .findFirst()
        .orElse("");
  }

  void remove() {
    cluster.client.genericKubernetesResources(Cluster.cluster("Plugin")).withName(id).delete();
  }

  private Optional<GenericKubernetesResource> find() {
    return Optional.ofNullable(
        cluster.client.genericKubernetesResources(Cluster.cluster("Plugin")).withName(id).get());
  }
}
