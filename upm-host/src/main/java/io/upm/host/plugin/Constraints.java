package io.upm.host.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The Jakarta Validation annotations that a CRD can express too, checked on JSON. A plugin that
 * needs more checks it in its own {@code validate}.
 */
final class Constraints {
  static final Set<Class<? extends Annotation>> CHECKED =
      Set.of(
          NotNull.class,
          NotBlank.class,
          NotEmpty.class,
          Min.class,
          Max.class,
          Positive.class,
          PositiveOrZero.class,
          Pattern.class,
          Size.class);

  private Constraints() {}

  /** One bound, and how it is put in words; a message given by the author goes first. */
  record Constraint(Predicate<JsonNode> test, String words) {
    boolean allows(JsonNode value) {
      return test.test(value);
    }
  }

  static List<Constraint> of(List<Annotation> annotations) {
    var constraints = new ArrayList<Constraint>();
    for (Annotation annotation : annotations) {
      switch (annotation) {
        case NotBlank one ->
            constraints.add(
                new Constraint(
                    value -> !value.asText().isBlank(), words(one.message(), "not empty")));
        case NotEmpty one ->
            constraints.add(
                new Constraint(value -> length(value) > 0, words(one.message(), "not empty")));
        case Min one ->
            constraints.add(atLeast(one.value(), words(one.message(), "at least " + one.value())));
        case Positive one -> constraints.add(atLeast(1, words(one.message(), "at least 1")));
        case PositiveOrZero one -> constraints.add(atLeast(0, words(one.message(), "at least 0")));
        case Max one ->
            constraints.add(
                new Constraint(
                    value -> value.decimalValue().compareTo(BigDecimal.valueOf(one.value())) <= 0,
                    words(one.message(), "at most " + one.value())));
        case Pattern one ->
            constraints.add(
                new Constraint(
                    value -> value.asText().matches(one.regexp()),
                    words(one.message(), "matching " + one.regexp())));
        case Size one -> constraints.add(size(one));
        default -> {
          // Not a bound.
        }
      }
    }
    return constraints;
  }

  private static Constraint atLeast(long minimum, String words) {
    return new Constraint(
        value -> value.decimalValue().compareTo(BigDecimal.valueOf(minimum)) >= 0, words);
  }

  private static Constraint size(Size size) {
    String bounds =
        size.max() == Integer.MAX_VALUE
            ? "at least " + size.min()
            : size.min() == 0 ? "at most " + size.max() : size.min() + " to " + size.max();
    return new Constraint(
        value -> length(value) >= size.min() && length(value) <= size.max(),
        words(size.message(), bounds + " long"));
  }

  private static int length(JsonNode value) {
    return value.isTextual() ? value.textValue().length() : value.size();
  }

  /** Messages in braces are keys of a bundle that we don't have: the defaults of the API. */
  private static String words(String message, String ours) {
    return message.startsWith("{") ? ours : message;
  }
}
