package io.upm.runtime.plugin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;

/** Measures how builds come here. */
final class FetchMeters {
  private final MeterRegistry registry;

  FetchMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Something that brings a build here. */
  interface Work {
    Staged run() throws IOException, Refusal, InterruptedException;
  }

  Staged measure(Work work) throws IOException, Refusal, InterruptedException {
    long began = System.nanoTime();
    String outcome = "failed";
    try {
      Staged staged = work.run();
      outcome = "done";
      return staged;
    } catch (Refusal e) {
      outcome = "refused";
      throw e;
    } finally {
      Timer.builder("upm_plugin_fetch")
          .description("Attempts to bring a build of a plugin here and to verify it")
          .tag("outcome", outcome)
          .register(registry)
          .record(Duration.ofNanos(System.nanoTime() - began));
    }
  }
}
