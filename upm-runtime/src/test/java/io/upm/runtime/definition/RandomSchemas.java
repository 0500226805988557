package io.upm.runtime.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Small schemas, changes of them, values for them, and whether a schema takes a value whole. */
final class RandomSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> NAMES = List.of("a", "b", "c");

  /** Without these it would be no schema that the API server takes. */
  private static final Set<String> STRUCTURE =
      Set.of("type", "items", "x-kubernetes-int-or-string");

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  ObjectNode schema(int depth) {
    ObjectNode schema = JSON.objectNode();
    switch (random.nextInt(depth > 0 ? 5 : 3)) {
      case 0 -> string(schema);
      case 1 -> number(schema.put("type", random.nextBoolean() ? "integer" : "number"));
      case 2 -> schema.put("x-kubernetes-int-or-string", true);
      case 3 -> {
        schema.put("type", "array").set("items", schema(depth - 1));
        maybe(schema, "minItems", 2);
        maybe(schema, "maxItems", 3);
      }
      default -> object(schema.put("type", "object"), depth);
    }
    if (random.nextInt(6) == 0) {
      schema.put("nullable", true);
    }
    return schema;
  }

  private void string(ObjectNode schema) {
    schema.put("type", "string");
    maybe(schema, "minLength", 2);
    maybe(schema, "maxLength", 3);
    if (random.nextInt(3) == 0) {
      ArrayNode values = schema.putArray("enum");
      List.of("", "x", "xx").stream().filter(one -> random.nextBoolean()).forEach(values::add);
    }
  }

  private void number(ObjectNode schema) {
    maybe(schema, "minimum", 3);
    maybe(schema, "maximum", 5);
    maybe(schema, "multipleOf", 3);
    if (random.nextInt(4) == 0) {
      schema.put(random.nextBoolean() ? "exclusiveMinimum" : "exclusiveMaximum", true);
    }
  }

  private void maybe(ObjectNode schema, String word, int most) {
    if (random.nextInt(3) == 0) {
      schema.put(word, 1 + random.nextInt(most));
    }
  }

  private void object(ObjectNode schema, int depth) {
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    for (String name : NAMES) {
      if (random.nextBoolean()) {
        ObjectNode field = schema(depth - 1);
        if (random.nextInt(4) == 0) {
          field.put("default", "any");
        }
        properties.set(name, field);
        if (random.nextInt(3) == 0) {
          required.add(name);
        }
      }
    }
    schema.set("required", required);
    switch (random.nextInt(5)) {
      case 0 -> schema.set("additionalProperties", schema(0));
      case 1 -> schema.put("x-kubernetes-preserve-unknown-fields", true);
      default -> {}
    }
  }

  /** The same but for one thing or two. */
  JsonNode changed(JsonNode schema) {
    ObjectNode copy = schema.deepCopy();
    ObjectNode at = copy;
    while (random.nextBoolean()) {
      List<ObjectNode> below =
          StreamSupport.stream(at.path("properties").spliterator(), false)
              .map(ObjectNode.class::cast)
              .toList();
      if (at.path("items") instanceof ObjectNode items) {
        at = items;
      } else if (!below.isEmpty()) {
        at = below.get(random.nextInt(below.size()));
      }
    }
    ObjectNode other = schema(1);
    if (random.nextInt(4) > 0 && other.path("type").equals(at.path("type"))) {
      at.setAll(other);
    } else {
      List<String> words =
          at.properties().stream()
              .map(field -> field.getKey())
              .filter(word -> !STRUCTURE.contains(word))
              .toList();
      if (!words.isEmpty()) {
        at.remove(words.get(random.nextInt(words.size())));
      }
    }
    return copy;
  }

  /** A value that the schema is likely to take. */
  JsonNode value(JsonNode schema) {
    if (schema.path("nullable").asBoolean() && random.nextInt(4) == 0) {
      return JSON.nullNode();
    }
    return switch (schema.path("type").asText("")) {
      case "string" -> JSON.textNode("x".repeat(random.nextInt(4)));
      case "integer" -> JSON.numberNode(random.nextInt(8));
      case "number" ->
          random.nextBoolean() ? JSON.numberNode(random.nextInt(8)) : JSON.numberNode(1.5);
      case "array" -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(schema.path("items")));
        }
        yield array;
      }
      case "object" -> objectValue(schema);
      default -> random.nextBoolean() ? JSON.textNode("x") : JSON.numberNode(random.nextInt(8));
    };
  }

  private JsonNode objectValue(JsonNode schema) {
    ObjectNode object = JSON.objectNode();
    for (String name : NAMES) {
      JsonNode field = schema.path("properties").path(name);
      boolean asked =
          StreamSupport.stream(schema.path("required").spliterator(), false)
              .anyMatch(one -> one.asText().equals(name));
      if (field.isObject() && (asked || random.nextBoolean())) {
        object.set(name, value(field));
      } else if (!field.isObject() && random.nextInt(3) == 0) {
        object.set(name, value(schema.path("additionalProperties")));
      }
    }
    return object;
  }

  /** Whether a value is let through, and kept whole. */
  static boolean takes(JsonNode schema, JsonNode value) {
    if (value.isNull()) {
      return schema.path("nullable").asBoolean();
    }
    if (schema.has("enum")
        && StreamSupport.stream(schema.path("enum").spliterator(), false)
            .noneMatch(value::equals)) {
      return false;
    }
    return switch (schema.path("type").asText("")) {
      case "string" -> value.isTextual() && within(schema, "Length", value.asText().length());
      case "integer" -> value.isInt() && fits(schema, value.asDouble());
      case "number" -> value.isNumber() && fits(schema, value.asDouble());
      case "array" ->
          value.isArray()
              && within(schema, "Items", value.size())
              && StreamSupport.stream(value.spliterator(), false)
                  .allMatch(element -> takes(schema.path("items"), element));
      case "object" -> value.isObject() && takesFields(schema, value);
      default ->
          !schema.path("x-kubernetes-int-or-string").asBoolean()
              || value.isTextual()
              || value.isInt();
    };
  }

  private static boolean takesFields(JsonNode schema, JsonNode value) {
    for (JsonNode name : schema.path("required")) {
      boolean defaulted = schema.path("properties").path(name.asText()).has("default");
      if (!value.has(name.asText()) && !defaulted) {
        return false;
      }
    }
    return value.properties().stream()
        .allMatch(field -> {
          JsonNode named = schema.path("properties").path(field.getKey());
          JsonNode others = schema.path("additionalProperties");
          return named.isObject()
              ? takes(named, field.getValue())
              : others.isObject()
                  ? takes(others, field.getValue())
                  : schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        });
  }

  private static boolean within(JsonNode schema, String what, int size) {
    return size >= schema.path("min" + what).asInt(0)
        && size <= schema.path("max" + what).asInt(Integer.MAX_VALUE);
  }

  private static boolean fits(JsonNode schema, double value) {
    double least = schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY);
    double most = schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
    boolean inside =
        (schema.path("exclusiveMinimum").asBoolean() ? value > least : value >= least)
            && (schema.path("exclusiveMaximum").asBoolean() ? value < most : value <= most);
    return inside && (!schema.has("multipleOf") || value % schema.path("multipleOf").asInt() == 0);
  }
}
