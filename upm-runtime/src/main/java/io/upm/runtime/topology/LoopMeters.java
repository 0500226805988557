package io.upm.runtime.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;

/** What the topology loops measure. No series per object, so that their number is bounded. */
final class LoopMeters {
  private final CompositeMeterRegistry registry = new CompositeMeterRegistry();

  void add(MeterRegistry target) {
    registry.add(target);
  }

  /**
   * One look, without publishing what it found.
   *
   * @param outcome {@code ready}, {@code not-ready} or {@code failed}
   */
  void look(String kind, String outcome, Duration took) {
    Timer.builder("upm_topology_look")
        .description("Looks at topologies")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry)
        .record(took);
  }

  /**
   * One step.
   *
   * @param step a kind of step; how many there are is up to the plugin, and few
   */
  void step(String kind, String step, boolean done) {
    registry
        .counter(
            "upm_topology_steps", "kind", kind, "step", step, "outcome", done ? "done" : "failed")
        .increment();
  }
}
