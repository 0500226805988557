package io.upm.agent.http;

import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.util.List;
import java.util.Locale;

/** The text format of Prometheus. Samples of a family come one after the other. */
final class Exposition {
  /** From here on not every whole number is one. */
  private static final double LARGEST_WHOLE = 1L << 53;

  private final StringBuilder text = new StringBuilder();
  private String family = "";

  /** A family of one sample without labels. */
  Exposition gauge(String name, String help, double value) {
    return sample(MetricFamily.gauge(name, "", help).sample(value));
  }

  Exposition sample(MetricSample sample) {
    MetricFamily of = sample.family();
    if (!of.name().equals(family)) {
      family = of.name();
      text.append("# HELP ").append(family).append(' ').append(escaped(of.help())).append('\n');
      text.append("# TYPE ").append(family).append(' ');
      text.append(of.type().name().toLowerCase(Locale.ROOT)).append('\n');
    }
    text.append(family);
    labels(of.labels(), sample.labels());
    text.append(' ').append(number(sample.value())).append('\n');
    return this;
  }

  private void labels(List<String> names, List<String> values) {
    for (int place = 0; place < names.size(); place++) {
      text.append(place == 0 ? '{' : ',').append(names.get(place)).append("=\"");
      text.append(escaped(values.get(place)).replace("\"", "\\\"")).append('"');
    }
    if (!names.isEmpty()) {
      text.append('}');
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
