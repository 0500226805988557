package io.upm.acceptance.node;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** What users have done beside the databases of an engine. */
record Calls(Cluster cluster, String engine) {
  /** Asks for it; parameters as within the braces of YAML. */
  void make(String name, String unit, String action, String parameters) {
    apply(name, unit, "action: %s, parameters: {%s}".formatted(action, parameters));
  }

  /** As {@link #make}, with a Secret; returns what became of it. */
  GenericKubernetesResource run(
      String name, String unit, String action, String secret, String parameters) {
    ask(name, unit, action, secret, parameters);
    return awaitEnd(name);
  }

  /** As {@link #make}, with a Secret; returns when it runs. */
  void begin(String name, String unit, String action, String secret, String parameters) {
    ask(name, unit, action, secret, parameters);
    cluster.await(
        name + " runs", () -> "Running".equals(Cluster.at(find(name), "status", "phase")));
  }

  GenericKubernetesResource find(String name) {
    return cluster.find("GrpcCall", name).orElseThrow();
  }

  private void ask(String name, String unit, String action, String secret, String parameters) {
    apply(
        name,
        unit,
        "action: %s, secretRef: {name: %s}, parameters: {%s}"
            .formatted(action, secret, parameters));
  }

  private void apply(String name, String unit, String more) {
    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: GrpcCall
        metadata: {name: %s}
        spec: {targetUnit: %s, type: %s, %s}
        """
            .formatted(name, unit, engine, more));
  }

  GenericKubernetesResource awaitEnd(String name) {
    cluster.await(
        "end of " + name,
        () ->
            cluster
                .find("GrpcCall", name)
                .map(call -> Cluster.at(call, "status", "completionTime"))
                .isPresent());
    return find(name);
  }
}
