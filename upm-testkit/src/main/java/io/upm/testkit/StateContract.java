package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.EnginePlugin;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.EngineLifecycle;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The plugin keeps nothing and starts nothing: all that lives longer than a call is the host's. */
public interface StateContract extends PluginUnderTest {
  int ROUNDS = 20;

  @Test
  default void keepsNoStaticState() {
    List<String> findings = new StaticState(plugin().getClass()).findings();

    assertThat(findings).as("static fields that can change").isEmpty();
  }

  @Test
  default void startsNoThread() {
    useOnce();
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    for (int round = 0; round < ROUNDS; round++) {
      useOnce();
    }

    Set<String> started =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .filter(thread -> thread.getThreadGroup() != null)
            .filter(thread -> !thread.getThreadGroup().getName().equals("system"))
            .map(Thread::getName)
            .collect(Collectors.toSet());
    assertThat(started).as("threads that are left").isEmpty();
  }

  private void useOnce() {
    EnginePlugin plugin = plugin();
    for (EngineVersion version : versions()) {
      plugin.parameters(version).all();
    }
    plugin.config();
    plugin.topologies(Samples.runtimeContext());
    plugin.actions(Samples.agentContext());
    try (EngineLifecycle lifecycle = plugin.lifecycle(Samples.agentContext())) {
      assertThat(lifecycle).isNotNull();
    }
  }
}
