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

  /**
   * Begins an operation if its agent does not know it, and follows it on the connection of the
   * moment.
   *
   * @param onChange called after each change of what is heard of it
   * @return empty while there is no connection
   */
  Optional<Following> follow(UnitKey unit, OperationOrder order, Runnable onChange);

  /** Calls the listener after each change of a view, heartbeats with moved gauges excepted. */
  void onChange(Consumer<UnitKey> listener);

  @Override
  void close();
}
