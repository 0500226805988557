package io.upm.spi.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricFamilyTest {
  private static final MetricFamily SIZE =
      MetricFamily.gauge("e_size_bytes", "bytes", "Size.", "file");

  @Test
  void namesAreAsOpenMetricsWantsThem() {
    assertThat(MetricFamily.counter("e_read_bytes_total", "bytes", "Read.").labels()).isEmpty();
    refused("is no name", () -> MetricFamily.gauge("e-one", "", "One."));
    refused("end with _total", () -> MetricFamily.counter("e_one", "", "One."));
    refused("end with _total", () -> MetricFamily.gauge("e_one_total", "", "One."));
    refused("has not its unit", () -> MetricFamily.counter("e_read_total", "bytes", "Read."));
    refused("no help of one line", () -> MetricFamily.gauge("e_one", "", "One.\nTwo."));
    refused("label that is no name", () -> MetricFamily.gauge("e_one", "", "One.", "A"));
    refused("label twice", () -> MetricFamily.gauge("e_one", "", "One.", "a", "a"));
  }

  @Test
  void samplesHaveTheLabelsAndValuesOfTheirFamily() {
    assertThat(SIZE.sample(-1, "a").labels()).containsExactly("a");
    refused("has 1 labels, not 0", () -> SIZE.sample(1));
    refused("can't be NaN", () -> SIZE.sample(Double.NaN, "a"));
    refused("can't be -1", () -> MetricFamily.counter("e_total", "", "All.").sample(-1));
  }

  private static void refused(String why, Runnable made) {
    assertThatThrownBy(made::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
