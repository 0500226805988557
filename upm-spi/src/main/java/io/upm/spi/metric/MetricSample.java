package io.upm.spi.metric;

import java.util.List;
import java.util.Objects;

/**
 * One value.
 *
 * @param family what it is a value of
 * @param labels a value for each of the family's labels
 * @param value the value; not infinite, and a counter's not negative
 */
public record MetricSample(MetricFamily family, List<String> labels, double value) {
  public MetricSample {
    Objects.requireNonNull(family, "family");
    labels = List.copyOf(labels);
    if (labels.size() != family.labels().size()) {
      throw new IllegalArgumentException(
          "metric \"%s\" has %d labels, not %d"
              .formatted(family.name(), family.labels().size(), labels.size()));
    }
    if (!Double.isFinite(value) || value < 0 && family.type() == MetricType.COUNTER) {
      throw new IllegalArgumentException(
          "metric \"%s\" can't be %s".formatted(family.name(), value));
    }
  }
}
