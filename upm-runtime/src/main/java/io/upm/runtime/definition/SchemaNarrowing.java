package io.upm.runtime.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What one structural schema accepted and another doesn't. Pure. */
final class SchemaNarrowing {
  private static final String PROPERTIES = "properties";
  private static final String ADDITIONAL = "additionalProperties";
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
  private static final String LIST_TYPE = "x-kubernetes-list-type";
  private static final String LIST_KEYS = "x-kubernetes-list-map-keys";

  private final List<String> found = new ArrayList<>();

  private SchemaNarrowing() {}

  /**
   * Compares two schemas.
   *
   * @param except fields at the top that aren't looked at
   * @return what is narrower, a sentence each
   */
  static List<String> between(JsonNode before, JsonNode after, Set<String> except) {
    var narrowing = new SchemaNarrowing();
    narrowing.compare(before, after, "", except);
    return List.copyOf(narrowing.found);
  }

  private void compare(JsonNode before, JsonNode after, String path) {
    compare(before, after, path, Set.of());
  }

  private void compare(JsonNode before, JsonNode after, String path, Set<String> except) {
    if (!types(before, after, path)) {
      return;
    }
    values(before, after, path);
    ValueLimits.narrower(before, after).forEach(what -> found.add(named(path) + " " + what));
    conditions(before, after, path);
    lists(before, after, path);
    required(before, after, path);
    fields(before, after, path, except);
    otherFields(before, after, path);
  }

  /** Whether all types that were taken still are; without that nothing else is worth a word. */
  private boolean types(JsonNode before, JsonNode after, String path) {
    Set<String> now = typesOf(after);
    if (now.isEmpty()) {
      return true;
    }
    Set<String> old = typesOf(before);
    boolean wide =
        !old.isEmpty()
            && old.stream()
                .allMatch(type ->
                    now.contains(type) || (type.equals("integer") && now.contains("number")));
    if (!wide) {
      found.add(
          "%s was of type %s and is of type %s".formatted(named(path), words(old), words(now)));
    }
    return wide;
  }

  private static String words(Set<String> types) {
    return types.isEmpty() ? "any" : String.join(" or ", types);
  }

  /** Types that are taken; empty for any. */
  private static Set<String> typesOf(JsonNode schema) {
    if (schema.path(INT_OR_STRING).asBoolean()) {
      return new TreeSet<>(Set.of("integer", "string"));
    }
    return schema.has("type") ? Set.of(schema.path("type").asText()) : Set.of();
  }

  private void values(JsonNode before, JsonNode after, String path) {
    if (before.path("nullable").asBoolean() && !after.path("nullable").asBoolean()) {
      found.add("%s may not be null any more".formatted(named(path)));
    }
    if (!after.has("enum")) {
      return;
    }
    if (!before.has("enum")) {
      found.add("%s took any value and takes %s only".formatted(named(path), after.path("enum")));
      return;
    }
    Set<JsonNode> now = elements(after.path("enum"));
    String gone =
        elements(before.path("enum")).stream()
            .filter(value -> !now.contains(value))
            .map(JsonNode::toString)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!gone.isEmpty()) {
      found.add("%s takes %s no longer".formatted(named(path), gone));
    }
  }

  private static Set<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).collect(Collectors.toSet());
  }

  /** What two conditions let through can't be compared: each new one is taken for narrower. */
  private void conditions(JsonNode before, JsonNode after, String path) {
    for (String word : List.of("allOf", "anyOf", "oneOf", "not")) {
      if (after.has(word) && !after.path(word).equals(before.path(word))) {
        found.add("%s has another condition (%s)".formatted(named(path), word));
      }
    }
    Set<String> old = rules(before);
    for (JsonNode rule : after.path("x-kubernetes-validations")) {
      if (!old.contains(rule.path("rule").asText())) {
        found.add(
            "%s has another rule: %s"
                .formatted(
                    named(path),
                    rule.has("message")
                        ? rule.path("message").asText()
                        : rule.path("rule").asText()));
      }
    }
    if (after.path("x-kubernetes-embedded-resource").asBoolean()
        && !before.path("x-kubernetes-embedded-resource").asBoolean()) {
      found.add("%s has to be a whole object now".formatted(named(path)));
    }
  }

  private static Set<String> rules(JsonNode schema) {
    return elements(schema.path("x-kubernetes-validations")).stream()
        .map(rule -> rule.path("rule").asText())
        .collect(Collectors.toSet());
  }

  private void lists(JsonNode before, JsonNode after, String path) {
    String type = after.path(LIST_TYPE).asText("atomic");
    boolean sameKeys = elements(before.path(LIST_KEYS)).equals(elements(after.path(LIST_KEYS)));
    if (!type.equals("atomic") && !(type.equals(before.path(LIST_TYPE).asText()) && sameKeys)) {
      found.add("%s takes no equal elements any more".formatted(named(path)));
    }
    if (after.has("items")) {
      compare(before.path("items"), after.path("items"), path + "[]");
    }
  }

  /** A field with a default may be left out, whether it is required or not. */
  private void required(JsonNode before, JsonNode after, String path) {
    for (JsonNode name : after.path("required")) {
      String field = name.asText();
      boolean could =
          !elements(before.path("required")).contains(name)
              || before.path(PROPERTIES).path(field).has("default");
      if (could && !after.path(PROPERTIES).path(field).has("default")) {
        found.add("%s could be left out and has to be given".formatted(join(path, field)));
      }
    }
  }

  private void fields(JsonNode before, JsonNode after, String path, Set<String> except) {
    before
        .path(PROPERTIES)
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (except.contains(name)) {
            return;
          }
          if (after.path(PROPERTIES).has(name)) {
            compare(field.getValue(), after.path(PROPERTIES).path(name), join(path, name));
          } else if (after.path(ADDITIONAL).isObject()) {
            compare(field.getValue(), after.path(ADDITIONAL), join(path, name));
          } else if (!isOpen(after)) {
            found.add("%s is gone".formatted(join(path, name)));
          }
        });
  }

  /** What becomes of fields that the former schema took without naming them. */
  private void otherFields(JsonNode before, JsonNode after, String path) {
    if (!isOpen(before)) {
      return;
    }
    if (!isOpen(after)) {
      found.add("%s takes no other fields any more".formatted(named(path)));
      return;
    }
    JsonNode former = before.path(ADDITIONAL);
    if (after.path(ADDITIONAL).isObject()) {
      other(former, after.path(ADDITIONAL), join(path, "*"));
    }
    after
        .path(PROPERTIES)
        .properties()
        .forEach(field -> {
          if (!before.path(PROPERTIES).has(field.getKey())) {
            other(former, field.getValue(), join(path, field.getKey()));
          }
        });
  }

  private void other(JsonNode former, JsonNode now, String path) {
    if (former.isObject()) {
      compare(former, now, path);
    } else if (!typesOf(now).isEmpty()) {
      found.add("%s could be anything and can't any more".formatted(path));
    }
  }

  /** Whether fields that it doesn't name are taken and kept. */
  private static boolean isOpen(JsonNode schema) {
    return schema.path(PRESERVE).asBoolean()
        || schema.path(ADDITIONAL).isObject()
        || schema.path(ADDITIONAL).asBoolean();
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String named(String path) {
    return Optional.of(path).filter(text -> !text.isEmpty()).orElse("the object");
  }
}
