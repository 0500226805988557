package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fields of objects whose kind is known by its plugin only. What is missing is empty. */
final class Fields {
  private Fields() {}

  /** A value below the top level; null when there is none. */
  static @Nullable Object at(GenericKubernetesResource object, String... path) {
    Object value = object.getAdditionalProperties();
    for (String key : path) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return value;
  }

  static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  static @Nullable Long number(@Nullable Object value) {
    return value instanceof Number number ? Long.valueOf(number.longValue()) : null;
  }

  /** An object's entries by name, in order. */
  static Map<String, Map<?, ?>> entries(@Nullable Object value) {
    var entries = new TreeMap<String, Map<?, ?>>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, entry) -> {
        if (entry instanceof Map<?, ?> fields) {
          entries.put(text(name), fields);
        }
      });
    }
    return entries;
  }

  static List<Condition> conditions(GenericKubernetesResource object) {
    var conditions = new ArrayList<Condition>();
    if (at(object, "status", "conditions") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> fields) {
          conditions.add(condition(fields));
        }
      }
    }
    return conditions;
  }

  private static Condition condition(Map<?, ?> fields) {
    return new ConditionBuilder()
        .withType(text(fields.get("type")))
        .withStatus(text(fields.get("status")))
        .withReason(text(fields.get("reason")))
        .withMessage(text(fields.get("message")))
        .withLastTransitionTime(text(fields.get("lastTransitionTime")))
        .build();
  }

  /** Time as Kubernetes writes it; null when it is none. */
  static @Nullable Instant time(@Nullable Object value) {
    try {
      return value == null ? null : Instant.parse(value.toString());
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
