package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.EphemeralContainer;

/**
 * What to do about a Pod's agent that is another one than new Pods get.
 *
 * @see AgentUpgrade
 */
public sealed interface AgentStep {
  /** What somebody has to know: one sentence. */
  String message();

  /** Nothing: it changes with its Pod. */
  record Leave(String message) implements AgentStep {}

  /** Have this container put the other one beside it, when it is this Unit's turn. */
  record Install(EphemeralContainer container, String message) implements AgentStep {}

  /** That goes on; nobody else's turn comes meanwhile. */
  record Await(String message) implements AgentStep {}

  /** The other one doesn't serve; the former one does, and nobody else's turn comes. */
  record Refused(String message) implements AgentStep {}
}
