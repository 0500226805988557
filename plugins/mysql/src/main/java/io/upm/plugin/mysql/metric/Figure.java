package io.upm.plugin.mysql.metric;

import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A number that the server keeps under a name.
 *
 * @param family what it is to monitoring
 * @param labels values of the family's labels
 * @param name of the server's, in lower case
 * @param scale what its value is multiplied with
 */
record Figure(MetricFamily family, List<String> labels, String name, double scale) {
  Figure {
    labels = List.copyOf(labels);
  }

  static Stream<Figure> of(MetricFamily family, String name) {
    return Stream.of(new Figure(family, List.of(), name, 1));
  }

  static Stream<Figure> of(MetricFamily family, String name, double scale) {
    return Stream.of(new Figure(family, List.of(), name, scale));
  }

  /** One for each value of the family's only label, which follows the prefix in the name. */
  static Stream<Figure> each(MetricFamily family, String prefix, String... values) {
    return Arrays.stream(values)
        .map(value -> new Figure(family, List.of(value), prefix + value, 1));
  }

  /** Its value now; empty when this server doesn't keep it. */
  Optional<MetricSample> in(Map<String, String> values) {
    return number(values.getOrDefault(name, ""))
        .map(value -> new MetricSample(family, labels, value * scale));
  }

  /** Numbers, and the words for yes and no. */
  static Optional<Double> number(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "ON", "YES" -> Optional.of(1.0);
      case "OFF", "NO" -> Optional.of(0.0);
      default ->
          text.matches("\\d{1,20}(\\.\\d{1,9})?")
              ? Optional.of(Double.valueOf(text))
              : Optional.empty();
    };
  }
}
