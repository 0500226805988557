package io.upm.runtime;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.addon.AddOnKind;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
    Stream.of(AddOnKind.values()).forEach(definitions::awaitServed);
    return definitions;
  }

  @Override
  public void close() {
    Stream.of(AddOnKind.values()).forEach(kind -> client.resource(definition(kind)).delete());
    Stream.of(AddOnKind.values())
        .forEach(kind ->
            client
                .resource(definition(kind))
                .waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS));
  }

  /** A definition is there before its objects can be read. */
  private void awaitServed(AddOnKind kind) {
    await()
        .atMost(ControllerScene.SOON)
        .ignoreExceptions()
        .until(() -> objects(kind.kind()).inNamespace("default").list() != null);
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      objects(String kind) {
    AddOnKind known = of(kind);
    return client.genericKubernetesResources(
        new ResourceDefinitionContext.Builder()
            .withGroup(group(known))
            .withVersion("v1")
            .withKind(kind)
            .withPlural(plural(known))
            .withNamespaced(true)
            .build());
  }

  GenericKubernetesResource get(String kind, String namespace, String name) {
    return objects(kind).inNamespace(namespace).withName(name).require();
  }

  List<String> names(String kind, String namespace) {
    return objects(kind).inNamespace(namespace).list().getItems().stream()
        .map(object -> object.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** As cert-manager does when it has issued a certificate. */
  void issue(GenericKubernetesResource certificate) {
    objects(certificate.getKind())
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

  private static String group(AddOnKind kind) {
    return kind.apiVersion().substring(0, kind.apiVersion().indexOf('/'));
  }

  private static String plural(AddOnKind kind) {
    return kind.kind().toLowerCase(Locale.ROOT) + "s";
  }

  private static CustomResourceDefinition definition(AddOnKind kind) {
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
            .formatted(group(kind), plural(kind), kind.kind()),
        CustomResourceDefinition.class);
  }
}
