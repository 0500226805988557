package io.upm.runtime;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.addon.AddOnKind;
import java.util.List;
import java.util.stream.Stream;

/** Kinds of other products, without the products: their objects are stored, and that is all. */
final class AddOnDefinitions implements AutoCloseable {
  private final KubernetesClient client;

  private AddOnDefinitions(KubernetesClient client) {
    this.client = client;
  }

  static AddOnDefinitions install(KubernetesClient client) {
    var definitions = new AddOnDefinitions(client);
    Stream.of(AddOnKind.values()).forEach(kind -> client.resource(definition(kind)).create());
    return definitions;
  }

  @Override
  public void close() {
    Stream.of(AddOnKind.values()).forEach(kind -> client.resource(definition(kind)).delete());
  }

  GenericKubernetesResource get(String kind, String namespace, String name) {
    return client
        .genericKubernetesResources(of(kind).apiVersion(), kind)
        .inNamespace(namespace)
        .withName(name)
        .require();
  }

  List<String> names(String kind, String namespace) {
    return client
        .genericKubernetesResources(of(kind).apiVersion(), kind)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .map(object -> object.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** As cert-manager does when it has issued a certificate. */
  void issue(GenericKubernetesResource certificate) {
    client
        .genericKubernetesResources(certificate.getApiVersion(), certificate.getKind())
        .inNamespace(certificate.getMetadata().getNamespace())
        .withName(certificate.getMetadata().getName())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
  }

  private static AddOnKind of(String kind) {
    return Stream.of(AddOnKind.values())
        .filter(one -> one.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static CustomResourceDefinition definition(AddOnKind kind) {
    String group = kind.apiVersion().substring(0, kind.apiVersion().indexOf('/'));
    String plural = kind.kind().toLowerCase(java.util.Locale.ROOT) + "s";
    return Serialization.unmarshal(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %2$s.%1$s}
        spec:
          group: %1$s
          scope: Namespaced
          names: {kind: %3$s, plural: %2$s}
          versions:
            - name: v1
              served: true
              storage: true
              subresources: {status: {}}
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """
            .formatted(group, plural, kind.kind()),
        CustomResourceDefinition.class);
  }
}
