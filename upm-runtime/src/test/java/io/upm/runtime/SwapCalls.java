package io.upm.runtime;

import io.upm.host.plugin.PluginDrainedException;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.spi.engine.EngineVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Callers who ask an engine again and again, as reconcilers do, and how long each waited for its
 * answer. A caller whose build is exchanged under its hands asks the one that serves by then.
 */
final class SwapCalls implements AutoCloseable {
  private static final int CALLERS = 20;
  private static final EngineVersion VERSION = EngineVersion.parse("1.2.3");
  private static final long BETWEEN_MILLIS = 5;

  private final PluginDirectory plugins;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

  /** What became of the calls. */
  record Figures(int calls, List<String> failed, Duration p50, Duration p99, Duration longest) {
    @Override
    public String toString() {
      return "%d calls, %d failed, waited p50 %d us, p99 %d us, at most %d us"
          .formatted(
              calls,
              failed.size(),
              p50.toNanos() / 1000,
              p99.toNanos() / 1000,
              longest.toNanos() / 1000);
    }
  }

  SwapCalls(PluginDirectory plugins) {
    this.plugins = plugins;
    for (int caller = 0; caller < CALLERS; caller++) {
      threads.add(Thread.ofVirtual().name("caller-" + caller).start(this::call));
    }
  }

  void begin() {
    nanos.clear();
    failures.clear();
  }

  Figures end() {
    List<Long> sorted = nanos.stream().sorted().toList();
    return new Figures(
        sorted.size(),
        failures.stream().map(RuntimeException::toString).distinct().toList(),
        at(sorted, 0.5),
        at(sorted, 0.99),
        Duration.ofNanos(sorted.getLast()));
  }

  private static Duration at(List<Long> sorted, double share) {
    return Duration.ofNanos(sorted.get((int) (share * (sorted.size() - 1))));
  }

  @Override
  public void close() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void call() {
    try {
      while (true) {
        long began = System.nanoTime();
        try {
          answered();
        } catch (RuntimeException e) {
          failures.add(e);
        }
        nanos.add(System.nanoTime() - began);
        // A rate, not a wait for a condition.
        TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answered() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        plugins.find("toy").orElseThrow().parameters(VERSION);
        return;
      } catch (PluginDrainedException e) {
        Thread.onSpinWait();
      }
    }
  }
}
