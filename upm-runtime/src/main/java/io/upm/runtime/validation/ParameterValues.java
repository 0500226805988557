package io.upm.runtime.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.spi.Problem;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Parameter values as users write them in YAML, and as text. */
public final class ParameterValues {
  private ParameterValues() {}

  /** Values that are neither text, number nor boolean. */
  public static List<Problem> shape(String field, Map<String, JsonNode> values) {
    return values.entrySet().stream()
        .filter(entry -> !entry.getValue().isValueNode() || entry.getValue().isNull())
        .map(entry ->
            new Problem(
                field + "." + entry.getKey(),
                entry.getValue().toString(),
                "text, a number, true or false"))
        .toList();
  }

  /**
   * Values as text. YAML takes {@code ON}, {@code yes} and the like for booleans; where the
   * parameter wants the word, it gets it back.
   */
  public static SortedMap<String, String> text(
      Map<String, JsonNode> values, ParameterCatalog catalog) {
    var texts = new TreeMap<String, String>();
    values.forEach((name, value) -> {
      if (value.isBoolean()) {
        texts.put(name, word(catalog, name, value.booleanValue()));
      } else if (value.isValueNode() && !value.isNull()) {
        texts.put(name, value.asText());
      }
    });
    return texts;
  }

  private static String word(ParameterCatalog catalog, String name, boolean value) {
    String literal = Boolean.toString(value);
    return catalog
        .find(name)
        .flatMap(
            parameter -> accepted(parameter, value ? List.of("ON", "YES") : List.of("OFF", "NO")))
        .orElse(literal);
  }

  private static java.util.Optional<String> accepted(Parameter parameter, List<String> words) {
    return words.stream().filter(word -> parameter.check(word).isEmpty()).findFirst();
  }
}
