package io.upm.runtime.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bounds, patterns and formats of single values: what one schema lets through and another doesn't.
 */
final class ValueLimits {
  /** A keyword that bounds a value, with the bound that there is without it. */
  private record Bound(String word, Optional<BigDecimal> without, boolean lower) {}

  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("minimum", Optional.empty(), true),
          new Bound("minLength", Optional.of(BigDecimal.ZERO), true),
          new Bound("minItems", Optional.of(BigDecimal.ZERO), true),
          new Bound("minProperties", Optional.of(BigDecimal.ZERO), true),
          new Bound("maximum", Optional.empty(), false),
          new Bound("maxLength", Optional.empty(), false),
          new Bound("maxItems", Optional.empty(), false),
          new Bound("maxProperties", Optional.empty(), false));

  private final JsonNode before;
  private final JsonNode after;
  private final List<String> found = new ArrayList<>();

  private ValueLimits(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  /** What is narrower, each to be put behind a field's name. */
  static List<String> narrower(JsonNode before, JsonNode after) {
    var limits = new ValueLimits(before, after);
    BOUNDS.forEach(limits::bound);
    limits.multiple();
    limits.pattern();
    limits.format();
    return limits.found;
  }

  private void bound(Bound bound) {
    Optional<BigDecimal> now = number(after, bound.word()).or(bound::without);
    if (now.isEmpty()) {
      return;
    }
    Optional<BigDecimal> old = number(before, bound.word()).or(bound::without);
    int tighter = old.map(value -> now.get().compareTo(value) * (bound.lower() ? 1 : -1)).orElse(1);
    String exclusive = bound.lower() ? "exclusiveMinimum" : "exclusiveMaximum";
    boolean excludes =
        bound.word().endsWith("imum")
            && after.path(exclusive).asBoolean()
            && !before.path(exclusive).asBoolean();
    if (tighter > 0 || (tighter == 0 && excludes)) {
      found.add(
          "had %s %s and has %s%s"
              .formatted(
                  bound.word(),
                  old.map(BigDecimal::toPlainString).orElse("none"),
                  now.get().toPlainString(),
                  excludes ? ", exclusive" : ""));
    }
  }

  private void multiple() {
    Optional<BigDecimal> now = number(after, "multipleOf");
    Optional<BigDecimal> old = number(before, "multipleOf");
    boolean wide =
        now.isEmpty() || old.filter(value -> value.remainder(now.get()).signum() == 0).isPresent();
    if (!wide) {
      found.add("has to be a multiple of %s".formatted(now.get().toPlainString()));
    }
  }

  /** Two patterns can't be compared: another one is taken for narrower. */
  private void pattern() {
    if (after.has("pattern") && !after.path("pattern").equals(before.path("pattern"))) {
      found.add("has to match %s".formatted(after.path("pattern").asText()));
    }
  }

  private void format() {
    String now = after.path("format").asText();
    String old = before.path("format").asText();
    boolean wider =
        (old.equals("int32") && now.equals("int64"))
            || (old.equals("float") && now.equals("double"));
    if (!now.isEmpty() && !now.equals(old) && !wider) {
      found.add("has to be of format %s".formatted(now));
    }
  }

  private static Optional<BigDecimal> number(JsonNode schema, String word) {
    return schema.path(word).isNumber()
        ? Optional.of(schema.path(word).decimalValue())
        : Optional.empty();
  }
}
