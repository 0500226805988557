package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the API server what an object would be, admission included, without storing it: by
 * server-side apply, or for objects that {@code kubectl apply} made as that would.
 */
final class DryRun {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String DEFAULT_MANAGER = "kubectl";
  private static final JsonMapper JSON = new JsonMapper();

  private final KubernetesClient client;

  DryRun(KubernetesClient client) {
    this.client = client;
  }

  /**
   * An object before and after.
   *
   * @param before as it is; empty when it isn't there
   */
  record Result(Optional<JsonNode> before, JsonNode after) {}

  /**
   * Asks.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when the server refuses
   */
  Result ask(HasMetadata manifest) {
    GenericKubernetesResource wanted =
        Serialization.unmarshal(Serialization.asJson(manifest), GenericKubernetesResource.class);
    Resource<GenericKubernetesResource> there = client.resource(wanted);
    GenericKubernetesResource live = there.get();
    if (live == null) {
      return new Result(Optional.empty(), tree(applied(there, wanted, DEFAULT_MANAGER)));
    }
    Map<String, String> annotations = live.getMetadata().getAnnotations();
    String last = annotations == null ? null : annotations.get(LAST_APPLIED);
    GenericKubernetesResource after =
        last == null
            ? applied(there, wanted, manager(live))
            : there.patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.JSON_MERGE)
                    .withFieldManager(DEFAULT_MANAGER)
                    .withDryRun(List.of("All"))
                    .build(),
                mergePatch(parse(last), tree(wanted)).toString());
    return new Result(Optional.of(tree(live)), tree(after));
  }

  private static GenericKubernetesResource applied(
      Resource<GenericKubernetesResource> there, GenericKubernetesResource wanted, String manager) {
    return there.patch(
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(true)
            .withDryRun(List.of("All"))
            .build(),
        Serialization.asJson(wanted));
  }

  /** Whoever applied it last: what is no longer in the manifest goes only under the same name. */
  private static String manager(GenericKubernetesResource live) {
    return live.getMetadata().getManagedFields().stream()
        .filter(entry -> "Apply".equals(entry.getOperation()))
        .filter(entry -> entry.getSubresource() == null || entry.getSubresource().isEmpty())
        .map(ManagedFieldsEntry::getManager)
        .findFirst()
        .orElse(DEFAULT_MANAGER);
  }

  /** What {@code kubectl apply} sends: the manifest, and null for what was in the last one. */
  static ObjectNode mergePatch(JsonNode last, JsonNode wanted) {
    ObjectNode patch = wanted.deepCopy();
    for (Map.Entry<String, JsonNode> field : last.properties()) {
      JsonNode now = patch.path(field.getKey());
      if (now.isMissingNode()) {
        patch.putNull(field.getKey());
      } else if (now.isObject() && field.getValue().isObject()) {
        patch.set(field.getKey(), mergePatch(field.getValue(), now));
      }
    }
    return patch;
  }

  static JsonNode tree(Object object) {
    return parse(Serialization.asJson(object));
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
