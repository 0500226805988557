package io.upm.runtime.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;

/**
 * Labels and annotations of a running Pod. A Pod can't be applied again as a whole, since its spec
 * can't change; what the manager set before and no longer wants is found in the managed fields.
 * Labels of others, such as those of a topology, stay.
 */
public final class PodMetadata {
  private PodMetadata() {}

  /**
   * JSON merge patch that brings labels and annotations up to date; empty when they are.
   *
   * @param manager field manager that the Pod was created and patched under
   */
  public static Optional<String> patch(Pod live, Pod desired, String manager) {
    OwnedFields owned = OwnedFields.of(live, manager, "Update").orElse(OwnedFields.NONE);
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    difference(
            owned,
            "labels",
            orEmpty(live.getMetadata().getLabels()),
            orEmpty(desired.getMetadata().getLabels()))
        .ifPresent(labels -> metadata.set("labels", labels));
    difference(
            owned,
            "annotations",
            orEmpty(live.getMetadata().getAnnotations()),
            orEmpty(desired.getMetadata().getAnnotations()))
        .ifPresent(annotations -> metadata.set("annotations", annotations));
    if (metadata.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(JsonNodeFactory.instance.objectNode().set("metadata", metadata).toString());
  }

  private static Optional<ObjectNode> difference(
      OwnedFields owned, String field, Map<String, String> live, Map<String, String> desired) {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    desired.forEach((key, value) -> {
      if (!value.equals(live.get(key))) {
        changes.put(key, value);
      }
    });
    for (String key : owned.keys("metadata", field)) {
      if (!desired.containsKey(key) && live.containsKey(key)) {
        changes.putNull(key);
      }
    }
    return changes.isEmpty() ? Optional.empty() : Optional.of(changes);
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
