package io.upm.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleRulesTest {
  private static final MetricFamily ONE = MetricFamily.gauge("e_one", "", "One.");
  private static final MetricFamily TWO = MetricFamily.gauge("e_two", "", "Two.", "which");

  @Test
  void samplesOfAFamilyComeTogether() {
    List<MetricSample> ordered =
        SampleRules.inOrder(
            List.of(TWO, ONE), List.of(TWO.sample(1, "a"), ONE.sample(2), TWO.sample(3, "b")));

    assertThat(ordered).extracting(MetricSample::value).containsExactly(1.0, 3.0, 2.0);
  }

  @Test
  void whatWouldSpoilAScrapeIsRefused() {
    refused("isn't a declared metric", List.of(ONE), TWO.sample(1, "a"));
    refused(
        "isn't a declared metric",
        List.of(ONE),
        MetricFamily.gauge("e_one", "", "Another.").sample(1));
    refused("same labels", List.of(TWO), TWO.sample(1, "a"), TWO.sample(2, "a"));
    refused("more than 256 characters", List.of(TWO), TWO.sample(1, "x".repeat(257)));
    refused("declared twice", List.of(ONE, ONE));
    refused("is a name of UPM's", List.of(MetricFamily.gauge("upm_engine_up", "", "Mine.")));
    refused(
        "2001 samples",
        List.of(ONE),
        Collections.nCopies(2001, ONE.sample(1)).toArray(MetricSample[]::new));
  }

  private static void refused(String why, List<MetricFamily> families, MetricSample... samples) {
    assertThatThrownBy(() -> SampleRules.inOrder(families, List.of(samples)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
