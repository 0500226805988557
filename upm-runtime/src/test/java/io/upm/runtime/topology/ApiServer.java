package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A namespace on a real API server: the one that the kubeconfig in the property or environment
 * variable {@code UPM_KUBECONFIG} leads to. Without it, tests that need one are skipped.
 */
public final class ApiServer implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace = "topology-" + UUID.randomUUID().toString().substring(0, 8);

  private ApiServer(KubernetesClient client) {
    this.client = client;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  public static ApiServer open() throws IOException {
    String file =
        System.getProperty("UPM_KUBECONFIG", System.getenv().getOrDefault("UPM_KUBECONFIG", ""));
    Assumptions.assumeFalse(file.isEmpty(), "UPM_KUBECONFIG names no kubeconfig");
    Config config = Config.fromKubeconfig(Files.readString(Path.of(file)));
    // Its webhook would refuse the toy's Units if a runtime is installed, but trusts this user.
    config.setImpersonateUsername("system:serviceaccount:upm-system:upm-runtime");
    config.setImpersonateGroups("system:masters");
    var server = new ApiServer(new KubernetesClientBuilder().withConfig(config).build());
    server.ensureUnits();
    return server;
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    client.close();
  }

  public KubernetesClient client() {
    return client;
  }

  /** Name of the namespace, which is deleted at the end. */
  public String namespace() {
    return namespace;
  }

  void secret(String name, Map<String, String> values) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(values)
                .build())
        .create();
  }

  /**
   * A Unit and its Pod, which never runs. A runtime that happens to be installed has no plugin for
   * its engine, and leaves it alone.
   */
  void unit(String name) {
    client
        .resource(
            """
            apiVersion: upm.syntropycloud.io/v1alpha2
            kind: Unit
            metadata: {name: %s, namespace: %s}
            spec:
              template:
                metadata: {annotations: {kubectl.kubernetes.io/default-container: toy}}
                spec: {containers: [{name: toy, image: toy}]}
            """
                .formatted(name, namespace))
        .create();
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("unit-operator/unit.name", name)
                .endMetadata()
                .withNewSpec()
                .addToNodeSelector("upm.test/nowhere", "true")
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("toy")
                .withImage("toy")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  Map<String, String> podLabels(String name) {
    return client.pods().inNamespace(namespace).withName(name).require().getMetadata().getLabels();
  }

  List<String> events(String about) {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> about.equals(event.getRegarding().getName()))
        .map(event -> event.getReason() + ": " + event.getNote())
        .toList();
  }

  /** The kind Unit, of which nothing but names matters here, unless the cluster knows it. */
  private void ensureUnits() {
    var definitions = client.apiextensions().v1().customResourceDefinitions();
    String name = "units.upm.syntropycloud.io";
    if (definitions.withName(name).get() == null) {
      client
          .resource(
              """
              apiVersion: apiextensions.k8s.io/v1
              kind: CustomResourceDefinition
              metadata: {name: units.upm.syntropycloud.io}
              spec:
                group: upm.syntropycloud.io
                scope: Namespaced
                names: {kind: Unit, plural: units, singular: unit}
                versions:
                  - name: v1alpha2
                    served: true
                    storage: true
                    subresources: {status: {}}
                    schema:
                      openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
              """)
          .create();
    }
    definitions
        .withName(name)
        .waitUntilCondition(
            crd ->
                crd.getStatus() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(one ->
                            one.getType().equals("Established") && one.getStatus().equals("True")),
            30,
            TimeUnit.SECONDS);
  }
}
