package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.PluginException;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Instance;
import io.upm.spi.metric.EngineMetrics;
import io.upm.spi.metric.MetricFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plugin tells to monitoring, if it does, as far as it can be asked without the engine. */
public interface MetricsContract extends PluginUnderTest {
  /** What the agent gives. */
  Duration LIMIT = Duration.ofSeconds(3);

  /** The rest is for machines that are busy. */
  Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  default void metricsAreNamedForTheEngineAndOnce() {
    String prefix = plugin().descriptor().engine().replace('-', '_') + "_";
    try (EngineLifecycle lifecycle = plugin().lifecycle(Samples.agentContext())) {
      List<MetricFamily> families =
          lifecycle.metrics().map(EngineMetrics::families).orElse(List.of());

      assertThat(families)
          .extracting(MetricFamily::name)
          .doesNotHaveDuplicates()
          .allSatisfy(name -> assertThat(name).startsWith(prefix));
      assertThat(lifecycle.metrics().map(EngineMetrics::families).orElse(List.of()))
          .as("the same for every call")
          .isEqualTo(families);
    }
  }

  @Test
  default void anEngineThatIsAwayHasNoMetrics(@TempDir Path root) {
    try (EngineLifecycle lifecycle = plugin().lifecycle(Samples.agentContext())) {
      for (Instance instance : Samples.absentEngines(this, root)) {
        long began = System.nanoTime();

        lifecycle
            .metrics()
            .ifPresent(metrics ->
                assertThatThrownBy(() -> metrics.collect(instance, LIMIT))
                    .isInstanceOfSatisfying(
                        PluginException.class,
                        away -> assertThat(away.kind()).isEqualTo(PluginException.Kind.TRANSIENT))
                    .hasMessageNotContaining(Samples.SECRET));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
      }
    }
  }
}
