package io.upm.runtime.agent;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Connections to all agents. Each agent is watched by its health stream; what it should have is
 * handed over again whenever it lacks it, for as long as it is attached. Nothing here blocks the
 * caller.
 */
public interface Agents extends AutoCloseable {
  /** Watches an agent and sees to it that it gets what is desired. Idempotent. */
  void attach(UnitKey unit, AgentTarget target, DesiredAgent desired);

  /** Forgets an agent. */
  void detach(UnitKey unit);

  Optional<AgentView> view(UnitKey unit);

  /** Calls the listener after each change of a view, heartbeats with moved gauges excepted. */
  void onChange(Consumer<UnitKey> listener);

  @Override
  void close();
}
