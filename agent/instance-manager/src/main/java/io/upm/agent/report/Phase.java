package io.upm.agent.report;

/** State of the engine's process, as the protocol names it. */
public enum Phase {
  WAITING,
  INITIALIZING,
  AWAITING_RESTORE,
  STARTING,
  RUNNING,
  STOPPING,
  STOPPED,
  CRASHED,
  BLOCKED
}
