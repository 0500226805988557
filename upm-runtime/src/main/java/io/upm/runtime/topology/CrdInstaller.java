package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.definition.Definitions;
import io.upm.runtime.definition.Narrowing;
import io.upm.runtime.kube.Applier;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the API server knows the kinds that a plugin brings. */
final class CrdInstaller {
  private static final Logger LOG = LoggerFactory.getLogger(CrdInstaller.class);
  private static final long ESTABLISHED_SECONDS = 30;

  private final KubernetesClient client;
  private final Applier applier;

  CrdInstaller(KubernetesClient client) {
    this.client = client;
    this.applier = new Applier(client, "upm-plugins");
  }

  /**
   * Applies the definition of a topology's kind from its plugin, if the cluster's differs and takes
   * no more than it, and returns when it is served. Only the definition of that kind: a plugin
   * changes no other.
   *
   * @throws IllegalStateException when the plugin has none, or it is not served in time
   */
  void install(ManagedTopology topology) {
    String name = TopologyKind.definition(topology.kind());
    CustomResourceDefinition desired =
        topology.engine().crds().stream()
            .map(Definitions::read)
            .filter(crd -> name.equals(crd.getMetadata().getName()))
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "plugin %s has no definition %s in crds/".formatted(topology.plugin(), name)));
    var definition = client.apiextensions().v1().customResourceDefinitions().withName(name);
    CustomResourceDefinition live = definition.get();
    if (live == null || keepsAll(live, desired)) {
      applier.apply(desired, live);
    }
    try {
      definition.waitUntilCondition(
          CrdInstaller::established, ESTABLISHED_SECONDS, TimeUnit.SECONDS);
    } catch (KubernetesClientException e) {
      throw new IllegalStateException(
          "definition %s is not served after %d s".formatted(name, ESTABLISHED_SECONDS), e);
    }
  }

  /**
   * An older version of a plugin knows less than the objects that are there may say. Their
   * definition stays then: a field that it didn't name would be dropped when they are written.
   */
  private static boolean keepsAll(CustomResourceDefinition live, CustomResourceDefinition desired) {
    List<String> narrower = Narrowing.between(Definitions.tree(live), Definitions.tree(desired));
    if (!narrower.isEmpty()) {
      LOG.info("definition {} stays: {}", live.getMetadata().getName(), narrower);
    }
    return narrower.isEmpty();
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
