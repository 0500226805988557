package io.upm.agent.scrape;

import io.upm.agent.supervise.Target;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.spi.metric.EngineMetrics;
import io.upm.spi.metric.MetricSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the engine through its plugin, when monitoring asks. An engine that hangs hangs nobody. */
public final class EngineScraper {
  private static final Logger LOG = LoggerFactory.getLogger(EngineScraper.class);

  /** What the plugin is told. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** Less than the ten seconds that Prometheus waits unless it is told otherwise. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Supplier<Optional<Target>> running;
  private final SharedCall<Optional<List<MetricSample>>> call =
      new SharedCall<>("metrics", this::ask, PATIENCE);
  private volatile String trouble = "";

  /**
   * @param running the engine, while it runs
   */
  public EngineScraper(Supplier<Optional<Target>> running) {
    this.running = running;
  }

  /** Its metrics, as they are now; empty when its plugin has none, or none is there. */
  public Optional<EngineScrape> scrape() {
    long begin = System.nanoTime();
    try {
      Optional<List<MetricSample>> found = call.get();
      note("");
      return found.map(samples -> new EngineScrape(true, since(begin), samples));
    } catch (TimeoutException e) {
      note(String.valueOf(e.getMessage()));
    } catch (ExecutionException e) {
      // A plugin that was just replaced is no trouble; the next scrape asks the new one.
      if (!(e.getCause() instanceof PluginDrainedException)) {
        note(String.valueOf(e.getCause()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.of(new EngineScrape(false, since(begin), List.of()));
  }

  private Optional<List<MetricSample>> ask() {
    Optional<Target> current = running.get();
    if (current.isEmpty()) {
      return Optional.empty();
    }
    Target target = current.get();
    return target
        .plugin()
        .lifecycle()
        .call("metrics", lifecycle -> lifecycle.metrics().map(metrics -> collect(metrics, target)));
  }

  private static List<MetricSample> collect(EngineMetrics metrics, Target target) {
    return SampleRules.inOrder(metrics.families(), metrics.collect(target.instance(), LIMIT));
  }

  /** Said once, not at every scrape. */
  private void note(String problem) {
    if (!problem.equals(trouble)) {
      trouble = problem;
      if (problem.isEmpty()) {
        LOG.info("the engine's metrics can be read again");
      } else {
        LOG.warn("the engine's metrics can't be read: {}", problem);
      }
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
