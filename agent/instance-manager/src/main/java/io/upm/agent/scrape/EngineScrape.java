package io.upm.agent.scrape;

import io.upm.spi.metric.MetricSample;
import java.util.List;

/**
 * What the engine said when it was asked for its metrics.
 *
 * @param success whether it answered, and as its plugin has promised
 * @param seconds how long that took
 * @param samples what it said; empty without success
 */
public record EngineScrape(boolean success, double seconds, List<MetricSample> samples) {
  public EngineScrape {
    samples = List.copyOf(samples);
  }
}
