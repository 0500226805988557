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
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a live object a field manager owns, read from {@code metadata.managedFields}.
 * Only paths are compared, never values: values come back defaulted and normalised by the API
 * server.
 *
 * @param fields in the form of {@code fieldsV1}
 */
record OwnedFields(Map<String, ?> fields) {
  static final OwnedFields NONE = new OwnedFields(Map.of());

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> UNOWNED = Set.of("apiVersion", "kind", "status");
  private static final Set<String> UNOWNED_METADATA = Set.of("name", "namespace");

  /**
   * What a manager owns in an object.
   *
   * @param operation {@code Apply} for server-side apply, else {@code Update}
   */
  static Optional<OwnedFields> of(HasMetadata live, String manager, String operation) {
    return live.getMetadata().getManagedFields().stream()
        .filter(entry -> manager.equals(entry.getManager()))
        .filter(entry -> operation.equals(entry.getOperation()))
        .filter(entry -> entry.getSubresource() == null || entry.getSubresource().isEmpty())
        .findFirst()
        .map(ManagedFieldsEntry::getFieldsV1)
        .map(fields -> new OwnedFields(fields.getAdditionalProperties()));
  }

  /** Whether every field of the desired object is among the owned ones. */
  boolean cover(JsonNode desired) {
    return cover(fields, desired);
  }

  private static boolean cover(Map<String, ?> owned, JsonNode desired) {
    for (Map.Entry<String, JsonNode> field : desired.properties()) {
      if (UNOWNED.contains(field.getKey())) {
        continue;
      }
      Map<String, ?> below = below(owned, field.getKey());
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
  Set<String> keys(String... path) {
    Map<String, ?> map = fields;
    for (String name : path) {
      map = map == null ? null : below(map, name);
    }
    var keys = new TreeSet<String>();
    for (String name : map == null ? Set.<String>of() : map.keySet()) {
      if (name.startsWith("f:")) {
        keys.add(name.substring(2));
      }
    }
    return keys;
  }

  /** What is owned below a field; null when the field isn't owned. */
  @SuppressWarnings("unchecked") // fieldsV1 is nothing but maps
  private static @Nullable Map<String, ?> below(Map<String, ?> owned, String field) {
    return (Map<String, ?>) owned.get("f:" + field);
  }

  private static boolean metadata(@Nullable Map<String, ?> owned, JsonNode desired) {
    for (Map.Entry<String, JsonNode> field : desired.properties()) {
      if (!UNOWNED_METADATA.contains(field.getKey())
          && !value(owned == null ? null : below(owned, field.getKey()), field.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean value(@Nullable Map<String, ?> owned, JsonNode desired) {
    if (owned == null) {
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

  @SuppressWarnings("unchecked") // fieldsV1 is nothing but maps
  private static boolean element(Map<String, ?> owned, JsonNode desired) {
    for (Map.Entry<String, ?> entry : owned.entrySet()) {
      String path = entry.getKey();
      if (path.startsWith("v:") && parse(path.substring(2)).equals(desired)) {
        return true;
      }
      if (path.startsWith("k:") && sameKey(parse(path.substring(2)), desired)) {
        return value((Map<String, ?>) entry.getValue(), desired);
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
