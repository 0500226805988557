package io.upm.acceptance.node;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** What users have done beside the databases of an engine. */
record Calls(Cluster cluster, String engine) {
  /** Asks for it; parameters as within the braces of YAML. */
  void make(String name, String unit, String action, String parameters) {
    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: GrpcCall
        metadata: {name: %s}
        spec: {targetUnit: %s, type: %s, action: %s, parameters: {%s}}
        """
            .formatted(name, unit, engine, action, parameters));
  }

  GenericKubernetesResource awaitEnd(String name) {
    cluster.await(
        "end of " + name,
        () ->
            cluster
                .find("GrpcCall", name)
                .map(call -> Cluster.at(call, "status", "completionTime"))
                .isPresent());
    return cluster.find("GrpcCall", name).orElseThrow();
  }
}
