package io.upm.host.plugin;

import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A record, or all that stands in its way.
 *
 * @param value the record; empty when there are problems
 * @param problems what is wrong; empty when there is a record
 */
public record Conversion<T extends Record>(Optional<T> value, List<Problem> problems) {
  public Conversion {
    problems = List.copyOf(problems);
  }

  static <T extends Record> Conversion<T> of(T value) {
    return new Conversion<>(Optional.of(value), List.of());
  }

  static <T extends Record> Conversion<T> refused(List<Problem> problems) {
    return new Conversion<>(Optional.empty(), problems);
  }

  /**
   * The record.
   *
   * @throws PluginException of kind USER with every problem's sentence when there is none
   */
  public T orThrow() {
    return value.orElseThrow(() ->
        PluginException.user(
            problems.stream().map(Problem::sentence).collect(Collectors.joining("; "))));
  }
}
