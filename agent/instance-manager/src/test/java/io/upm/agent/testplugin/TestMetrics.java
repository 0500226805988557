package io.upm.agent.testplugin;

import io.upm.spi.PluginException;
import io.upm.spi.instance.Instance;
import io.upm.spi.metric.EngineMetrics;
import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Goes wrong as the file {@code metrics} on the data volume says. */
final class TestMetrics implements EngineMetrics {
  private static final MetricFamily LOOKS =
      MetricFamily.counter("testengine_looks_total", "", "Looks at the engine.");

  private final AtomicLong looks = new AtomicLong();

  @Override
  public List<MetricFamily> families() {
    return List.of(LOOKS);
  }

  @Override
  public List<MetricSample> collect(Instance instance, Duration limit) {
    Path file = instance.layout().data().resolve("metrics");
    MetricSample sample = LOOKS.sample(looks.incrementAndGet());
    return switch (read(file)) {
      case "away" -> throw PluginException.retryable("the engine is away", null);
      case "error" -> throw new StackOverflowError("on purpose");
      case "twice" -> List.of(sample, sample);
      case "hang" -> {
        // Whatever it is told, as a call in a driver can be.
        while (read(file).equals("hang")) {
          LockSupport.parkNanos(20_000_000);
          boolean ignored = Thread.interrupted();
        }
        yield List.of(sample);
      }
      default -> List.of(sample);
    };
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
