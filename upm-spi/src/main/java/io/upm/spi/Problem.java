package io.upm.spi;

import java.util.Objects;

/**
 * One thing that is wrong with what a user asked for, as one sentence.
 *
 * @param field path of the field, such as {@code spec.parameters.max_connections}
 * @param value what was given; empty if nothing was
 * @param allowed what is allowed instead
 */
public record Problem(String field, String value, String allowed) {
  public Problem {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(allowed, "allowed");
  }

  /** The sentence that users read. */
  public String sentence() {
    return value.isEmpty()
        ? "%s is missing: %s".formatted(field, allowed)
        : "%s: \"%s\" is not allowed: %s".formatted(field, value, allowed);
  }

  @Override
  public String toString() {
    return sentence();
  }
}
