package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.kube.Applier;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Sees to it that the API server knows the kinds that a plugin brings. */
final class CrdInstaller {
  private static final long ESTABLISHED_SECONDS = 30;

  private final KubernetesClient client;
  private final Applier applier;

  CrdInstaller(KubernetesClient client) {
    this.client = client;
    this.applier = new Applier(client, "upm-plugins");
  }

  /**
   * Applies the definition of a topology's kind from its plugin, if the cluster's differs, and
   * returns when it is served. Only the definition of that kind: a plugin changes no other.
   *
   * @throws IllegalStateException when the plugin has none, or it is not served in time
   */
  void install(ManagedTopology topology) {
    String name = TopologyKind.definition(topology.kind());
    CustomResourceDefinition desired =
        topology.engine().crds().stream()
            .map(yaml ->
                client.getKubernetesSerialization().unmarshal(yaml, CustomResourceDefinition.class))
            .filter(crd -> name.equals(crd.getMetadata().getName()))
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "plugin %s has no definition %s in crds/".formatted(topology.plugin(), name)));
    var definition = client.apiextensions().v1().customResourceDefinitions().withName(name);
    applier.apply(desired, definition.get());
    try {
      definition.waitUntilCondition(
          CrdInstaller::established, ESTABLISHED_SECONDS, TimeUnit.SECONDS);
    } catch (KubernetesClientException e) {
      throw new IllegalStateException(
          "definition %s is not served after %d s".formatted(name, ESTABLISHED_SECONDS), e);
    }
  }

  private static boolean established(CustomResourceDefinition crd) {
    return Optional.ofNullable(crd)
        .map(CustomResourceDefinition::getStatus)
        .map(status -> status.getConditions())
        .map(conditions ->
            conditions.stream()
                .anyMatch(condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True")))
        .orElse(false);
  }
}
