package io.upm.runtime.topology;

import io.upm.runtime.agent.AgentTarget;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.DesiredAgent;
import io.upm.runtime.agent.Following;
import io.upm.runtime.agent.OperationOrder;
import io.upm.runtime.agent.UnitKey;
import io.upm.spi.instance.Health;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Agents that say what a test has them say. */
final class FakeAgents implements Agents {
  private final Map<UnitKey, AgentView> views = new ConcurrentHashMap<>();
  private final List<Consumer<UnitKey>> listeners = new CopyOnWriteArrayList<>();

  void say(UnitKey unit, Health health) {
    views.put(
        unit,
        new AgentView(
            true,
            Instant.now(),
            "",
            Optional.of(
                new AgentView.Report(
                    "0.1.0",
                    "1.0.0",
                    "",
                    1,
                    AgentView.Process.RUNNING,
                    "",
                    1,
                    health,
                    AgentView.Config.applied("", 1),
                    AgentView.Accounts.TAKEN))));
    listeners.forEach(listener -> listener.accept(unit));
  }

  @Override
  public void attach(UnitKey unit, AgentTarget target, DesiredAgent desired) {
    throw new AssertionError("not asked here");
  }

  @Override
  public void detach(UnitKey unit) {
    throw new AssertionError("not asked here");
  }

  @Override
  public Optional<AgentView> view(UnitKey unit) {
    return Optional.ofNullable(views.get(unit));
  }

  @Override
  public Optional<Following> follow(UnitKey unit, OperationOrder order, Runnable onChange) {
    throw new AssertionError("not asked here");
  }

  @Override
  public void onChange(Consumer<UnitKey> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {}
}
