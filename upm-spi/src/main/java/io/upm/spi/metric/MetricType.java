package io.upm.spi.metric;

/** What the values of a {@link MetricFamily} do. */
public enum MetricType {
  /** They rise, and begin again at 0 when the engine starts. */
  COUNTER,
  /** They rise and fall. */
  GAUGE
}
