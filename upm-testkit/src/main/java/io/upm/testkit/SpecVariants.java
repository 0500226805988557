package io.upm.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Specs that differ from a good one in one place each: what users get wrong. */
final class SpecVariants {
  private final JsonNode good;
  private final List<JsonNode> variants = new ArrayList<>();

  private SpecVariants(JsonNode good) {
    this.good = good;
  }

  static List<JsonNode> of(JsonNode good) {
    var all = new SpecVariants(good);
    all.variants.add(JsonNodeFactory.instance.objectNode());
    all.vary("", good);
    return all.variants;
  }

  private void vary(String path, JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(entry -> {
            String inner = path + "/" + entry.getKey();
            change(path, parent -> ((ObjectNode) parent).remove(entry.getKey()));
            for (JsonNode other : instead(entry.getValue())) {
              change(path, parent -> ((ObjectNode) parent).set(entry.getKey(), other));
            }
            vary(inner, entry.getValue());
          });
    } else if (node instanceof ArrayNode array) {
      change(path, list -> ((ArrayNode) list).removeAll());
      for (int index = 0; index < array.size(); index++) {
        JsonNode element = array.get(index);
        change(path, list -> ((ArrayNode) list).add(element));
        vary(path + "/" + index, element);
      }
    }
  }

  private static List<JsonNode> instead(JsonNode value) {
    if (value.isTextual()) {
      return List.of(
          TextNode.valueOf(""),
          TextNode.valueOf("-"),
          TextNode.valueOf("no such 'thing' `\"\\; --"),
          TextNode.valueOf("x".repeat(300)));
    }
    return value.isNumber()
        ? List.of(IntNode.valueOf(0), IntNode.valueOf(-1), IntNode.valueOf(Integer.MAX_VALUE))
        : List.of();
  }

  private void change(String path, Consumer<JsonNode> change) {
    JsonNode variant = good.deepCopy();
    change.accept(variant.at(path));
    variants.add(variant);
  }
}
