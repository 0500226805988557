package io.upm.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.cli.PlanView.FieldChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How two states of an object differ, as far as a user wrote them. Pure. */
final class FieldChanges {
  private static final String HIDDEN = "(hidden)";
  private static final Set<String> LEFT_OUT = Set.of("apiVersion", "kind", "status", "metadata");

  private final List<FieldChange> changes = new ArrayList<>();
  private final boolean secret;

  private FieldChanges(boolean secret) {
    this.secret = secret;
  }

  /** Differences in labels, annotations and everything below the top but status. */
  static List<FieldChange> between(JsonNode before, JsonNode after) {
    var found = new FieldChanges("Secret".equals(after.path("kind").asText()));
    for (String map : List.of("labels", "annotations")) {
      found.compare(
          "metadata." + map,
          own(before.path("metadata").path(map)),
          own(after.path("metadata").path(map)));
    }
    for (String field : names(before, after)) {
      if (!LEFT_OUT.contains(field)) {
        found.compare(field, before.path(field), after.path(field));
      }
    }
    return found.changes;
  }

  /** Without what kubectl writes for itself. */
  private static JsonNode own(JsonNode map) {
    if (map instanceof ObjectNode fields) {
      ObjectNode copy = fields.deepCopy();
      copy.remove("kubectl.kubernetes.io/last-applied-configuration");
      return copy;
    }
    return map;
  }

  private void compare(String path, JsonNode before, JsonNode after) {
    if (before.equals(after) || (isNothing(before) && isNothing(after))) {
      return;
    }
    if (isFields(before) && isFields(after) && !(isNothing(before) && isNothing(after))) {
      for (String name : names(before, after)) {
        compare(path + "." + name, before.path(name), after.path(name));
      }
    } else if (isNamed(before) && isNamed(after)) {
      Map<String, JsonNode> one = byName(before);
      Map<String, JsonNode> other = byName(after);
      var names = new LinkedHashSet<>(one.keySet());
      names.addAll(other.keySet());
      for (String name : names) {
        compare(
            "%s[%s]".formatted(path, name),
            one.getOrDefault(name, MissingNode.getInstance()),
            other.getOrDefault(name, MissingNode.getInstance()));
      }
    } else {
      boolean hidden = secret || isSecret(path);
      changes.add(new FieldChange(path, text(before, hidden), text(after, hidden)));
    }
  }

  private static boolean isSecret(String path) {
    String field = path.substring(path.lastIndexOf('.') + 1);
    // The value of a variable is as secret as the variable's name.
    int bracket = path.lastIndexOf('[');
    return Redaction.isSecret(field)
        || (field.equals("value") && Redaction.isSecret(path.substring(bracket + 1)));
  }

  private static String text(JsonNode value, boolean hidden) {
    if (isNothing(value)) {
      return "";
    }
    return hidden ? HIDDEN : value.isTextual() ? value.textValue() : value.toString();
  }

  private static boolean isNothing(JsonNode node) {
    return node.isMissingNode() || node.isNull() || (node.isContainerNode() && node.isEmpty());
  }

  /** Missing fields are compared one by one where the other side has some. */
  private static boolean isFields(JsonNode node) {
    return node.isObject() || isNothing(node);
  }

  private static boolean isNamed(JsonNode node) {
    if (isNothing(node)) {
      return true;
    }
    if (!(node instanceof ArrayNode items)) {
      return false;
    }
    var names = new LinkedHashSet<String>();
    for (JsonNode item : items) {
      if (!item.path("name").isTextual() || !names.add(item.path("name").textValue())) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, JsonNode> byName(JsonNode items) {
    var byName = new LinkedHashMap<String, JsonNode>();
    items.forEach(item -> byName.put(item.path("name").textValue(), item));
    return byName;
  }

  private static Set<String> names(JsonNode before, JsonNode after) {
    var names = new LinkedHashSet<String>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
