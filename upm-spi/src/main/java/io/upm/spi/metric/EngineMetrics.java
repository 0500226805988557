package io.upm.spi.metric;

import io.upm.spi.instance.Instance;
import java.time.Duration;
import java.util.List;

/**
 * Numbers that a plugin reads from its engine for monitoring. Served by the agent beside its own,
 * in the text format of Prometheus; called at each scrape, never twice at a time for an instance,
 * and beside everything else in {@link io.upm.spi.instance.EngineLifecycle}.
 */
public interface EngineMetrics {
  /** Every family that there can be, for any version of the engine. The same for every call. */
  List<MetricFamily> families();

  /**
   * Asks the engine. What this engine doesn't have is left out; no two samples have the same family
   * and labels. Neither a name nor a label holds what users have stored, such as a statement or a
   * password.
   *
   * @param limit how long it may take; afterwards the caller is gone, and the thread is interrupted
   * @throws io.upm.spi.PluginException of kind TRANSIENT when the engine can't be asked
   */
  List<MetricSample> collect(Instance instance, Duration limit);
}
