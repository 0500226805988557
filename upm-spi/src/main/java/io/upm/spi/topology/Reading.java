package io.upm.spi.topology;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What was learned from one node. "Unknown" is a value: a node that can't be reached is unknown,
 * for a reason, not down.
 *
 * @param value what was read; empty when the node is unknown
 * @param at when that was
 * @param why why it is unknown; empty when it is not
 */
public record Reading<T>(Optional<T> value, Instant at, String why) {
  public Reading {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(why, "why");
  }

  public static <T> Reading<T> of(T value, Instant at) {
    return new Reading<>(Optional.of(value), at, "");
  }

  public static <T> Reading<T> unknown(Instant at, String why) {
    return new Reading<>(Optional.empty(), at, why);
  }

  public boolean known() {
    return value.isPresent();
  }
}
