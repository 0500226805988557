package io.upm.agent.action;

import io.upm.spi.action.ActionDescriptor;

/** Who knows whether the engine runs, and can keep it from being started. */
public interface EngineGate {
  /**
   * Sees to it that the engine is in the state that an action needs, and stays stopped when it has
   * to be.
   *
   * @throws IllegalStateException when it is not; the message says what the user can do
   */
  void enter(ActionDescriptor.Engine needed);

  /** The action has ended. */
  void leave();
}
