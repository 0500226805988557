package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent asks of a plugin, as far as it can be asked without the engine. */
public interface LifecycleContract extends PluginUnderTest {
  /** A probe is bounded to 3 seconds; the rest is for machines that are busy. */
  Duration PROBE_LIMIT = Duration.ofSeconds(10);

  @Test
  default void anEmptyVolumeIsNotInitialised(@TempDir Path root) {
    try (EngineLifecycle lifecycle = plugin().lifecycle(Samples.agentContext())) {
      for (Instance instance : Samples.absentEngines(this, root)) {
        assertThat(lifecycle.isInitialized(instance)).isFalse();
      }
    }
  }

  @Test
  default void startsTheEngineWithoutSecretsInSight(@TempDir Path root) {
    try (EngineLifecycle lifecycle = plugin().lifecycle(Samples.agentContext())) {
      for (Instance instance : Samples.absentEngines(this, root)) {
        ProcessSpec process = lifecycle.start(instance);

        assertThat(process.command()).noneMatch(word -> word.contains(Samples.SECRET));
        assertThat(process.environment().values())
            .noneMatch(value -> value.contains(Samples.SECRET));
        assertThat(process.command().getFirst()).isNotBlank();
      }
    }
  }

  @Test
  default void stopsWithinTheBudget(@TempDir Path root) {
    try (EngineLifecycle lifecycle = plugin().lifecycle(Samples.agentContext())) {
      for (Duration budget : List.of(Duration.ofSeconds(5), Duration.ofMinutes(10))) {
        for (Instance instance : Samples.absentEngines(this, root)) {
          assertThat(lifecycle.stop(instance, budget).patience())
              .isPositive()
              .isLessThanOrEqualTo(budget);
        }
      }
    }
  }

  @Test
  default void anEngineThatIsAwayIsSeenAsThat(@TempDir Path root) {
    try (EngineLifecycle lifecycle = plugin().lifecycle(Samples.agentContext())) {
      for (Instance instance : Samples.absentEngines(this, root)) {
        long began = System.nanoTime();

        Health health = lifecycle.probe(instance);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROBE_LIMIT);
        assertThat(health.alive()).isFalse();
        assertThat(health.ready()).isFalse();
        assertThat(health.reason()).isNotBlank().doesNotContain(Samples.SECRET);
      }
    }
  }
}
