package io.upm.spi.metric;

import java.util.List;
import java.util.Objects;

/**
 * What is measured, named as Prometheus and OpenMetrics name it.
 *
 * @param name such as {@code mysql_threads_connected}: begins with the engine's name; ends with the
 *     unit, if it has one, and a counter then with {@code _total}
 * @param type what its values do
 * @param unit base unit, such as {@code seconds} or {@code bytes}; empty for plain numbers
 * @param help one sentence
 * @param labels names of its labels, in the order of {@link MetricSample#labels()}
 */
public record MetricFamily(
    String name, MetricType type, String unit, String help, List<String> labels) {
  private static final String TOTAL = "_total";

  public MetricFamily {
    Objects.requireNonNull(type, "type");
    labels = List.copyOf(labels);
    check(name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"), name, "is no name of a metric");
    check(
        (type == MetricType.COUNTER) == name.endsWith(TOTAL),
        name,
        "counters, and only they, end with _total");
    String stem =
        type == MetricType.COUNTER ? name.substring(0, name.length() - TOTAL.length()) : name;
    check(unit.isEmpty() || stem.endsWith("_" + unit), name, "has not its unit in its name");
    check(!help.isBlank() && help.lines().count() == 1, name, "has no help of one line");
    check(
        labels.stream().allMatch(label -> label.matches("[a-z][a-z0-9_]*")),
        name,
        "has a label that is no name");
    check(labels.stream().distinct().count() == labels.size(), name, "has a label twice");
  }

  /** A family of plain numbers that rise. */
  public static MetricFamily counter(String name, String unit, String help, String... labels) {
    return new MetricFamily(name, MetricType.COUNTER, unit, help, List.of(labels));
  }

  /** A family of numbers that rise and fall. */
  public static MetricFamily gauge(String name, String unit, String help, String... labels) {
    return new MetricFamily(name, MetricType.GAUGE, unit, help, List.of(labels));
  }

  /** One value of this family. */
  public MetricSample sample(double value, String... labels) {
    return new MetricSample(this, List.of(labels), value);
  }

  private static void check(boolean holds, String name, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("metric \"%s\" %s".formatted(name, problem));
    }
  }
}
