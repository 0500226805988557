package io.upm.runtime.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fields of a live object a field manager owns, read from {@code metadata.managedFields}.
 * Only paths are compared, never values: values come back defaulted and normalised by the API
 * server.
 */
final class OwnedFields {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> UNOWNED = Set.of("apiVersion", "kind", "status");
  private static final Set<String> UNOWNED_METADATA = Set.of("name", "namespace");

  private OwnedFields() {}

  /**
   * What a manager owns in an object, in the form of {@code fieldsV1}.
   *
   * @param operation {@code Apply} for server-side apply, else {@code Update}
   */
  static Optional<JsonNode> of(HasMetadata live, String manager, String operation) {
    return live.getMetadata().getManagedFields().stream()
        .filter(entry -> manager.equals(entry.getManager()))
        .filter(entry -> operation.equals(entry.getOperation()))
        .filter(entry -> entry.getSubresource() == null || entry.getSubresource().isEmpty())
        .findFirst()
        .map(ManagedFieldsEntry::getFieldsV1)
        .map(fields -> (JsonNode) MAPPER.valueToTree(fields));
  }

  /** Whether every field of the desired object is among the owned ones. */
  static boolean cover(JsonNode owned, JsonNode desired) {
    for (Map.Entry<String, JsonNode> field : desired.properties()) {
      if (UNOWNED.contains(field.getKey())) {
        continue;
      }
      JsonNode below = owned.path("f:" + field.getKey());
      boolean covered =
          field.getKey().equals("metadata")
              ? metadata(below, field.getValue())
              : value(below, field.getValue());
      if (!covered) {
        return false;
      }
    }
    return true;
  }

  /** Keys of a map such as {@code metadata.labels} that are among the owned ones. */
  static Set<String> keys(JsonNode owned, String... path) {
    JsonNode map = owned;
    for (String name : path) {
      map = map.path("f:" + name);
    }
    var keys = new TreeSet<String>();
    map.fieldNames()
        .forEachRemaining(name -> {
          if (name.startsWith("f:")) {
            keys.add(name.substring(2));
          }
        });
    return keys;
  }

  private static boolean metadata(JsonNode owned, JsonNode desired) {
    for (Map.Entry<String, JsonNode> field : desired.properties()) {
      if (!UNOWNED_METADATA.contains(field.getKey())
          && !value(owned.path("f:" + field.getKey()), field.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean value(JsonNode owned, JsonNode desired) {
    if (owned.isMissingNode()) {
      return desired.isNull();
    }
    if (owned.isEmpty()) {
      return true;
    }
    if (desired.isObject()) {
      return cover(owned, desired);
    }
    if (desired.isArray()) {
      for (JsonNode element : desired) {
        if (!element(owned, element)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean element(JsonNode owned, JsonNode desired) {
    for (Map.Entry<String, JsonNode> entry : owned.properties()) {
      String path = entry.getKey();
      if (path.startsWith("v:") && parse(path.substring(2)).equals(desired)) {
        return true;
      }
      if (path.startsWith("k:") && sameKey(parse(path.substring(2)), desired)) {
        return value(entry.getValue(), desired);
      }
    }
    return false;
  }

  /** A part of the key that is not in the desired element was defaulted by the API server. */
  private static boolean sameKey(JsonNode key, JsonNode desired) {
    return key.properties().stream()
        .allMatch(part ->
            !desired.has(part.getKey())
                || desired.get(part.getKey()).asText().equals(part.getValue().asText()));
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("path in managedFields: " + json, e);
    }
  }
}
