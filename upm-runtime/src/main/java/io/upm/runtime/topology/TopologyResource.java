package io.upm.runtime.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A topology object as the API server gave it. */
record TopologyResource(GenericKubernetesResource raw) {
  /**
   * Annotations that stop the runtime from acting: the one that always worked, and the one that was
   * documented.
   */
  private static final List<String> SKIP =
      List.of("compose-operator/skip.reconcile", "compose-operator/skip-reconcile");

  ObjectKey key() {
    return ObjectKey.of(raw);
  }

  String name() {
    return raw.getMetadata().getName();
  }

  String namespace() {
    return raw.getMetadata().getNamespace();
  }

  String uid() {
    return raw.getMetadata().getUid();
  }

  String version() {
    return raw.getMetadata().getResourceVersion();
  }

  long generation() {
    Long generation = raw.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  boolean deleting() {
    return raw.getMetadata().getDeletionTimestamp() != null;
  }

  /** The annotation by which the user has the runtime only look on. */
  Optional<String> paused() {
    Map<String, String> annotations = raw.getMetadata().getAnnotations();
    if (annotations == null) {
      return Optional.empty();
    }
    return SKIP.stream()
        .filter(annotations::containsKey)
        .filter(annotation -> !"false".equals(annotations.get(annotation)))
        .findFirst();
  }

  /** The spec; empty when there is none. */
  Map<String, Object> spec() {
    var spec = new TreeMap<String, Object>();
    if (raw.getAdditionalProperties().get("spec") instanceof Map<?, ?> fields) {
      fields.forEach((name, value) -> spec.put(String.valueOf(name), value));
    }
    return spec;
  }

  JsonNode status() {
    return StatusDocument.of(raw.getAdditionalProperties().get("status"));
  }

  /**
   * The younger of two states of one object. Resource versions of one resource are numbers that
   * grow, which Kubernetes promises since 1.35 and kept before.
   */
  static TopologyResource younger(TopologyResource one, TopologyResource other) {
    return number(one.version()) >= number(other.version()) ? one : other;
  }

  private static long number(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
