package io.upm.agent.supervise;

/** What to do next about the engine. */
enum Step {
  /** Nothing: there is no instance document. */
  AWAIT_DOCUMENT,
  /** Nothing: there is no plugin that could say how. */
  AWAIT_PLUGIN,
  /** Nothing: it failed, and is tried again after a pause. */
  PAUSE,
  /** Render the configuration, check it as far as that can be done, put it in force. */
  CONFIGURE,
  /** Make the empty data volume an instance. */
  INITIALIZE,
  /** Nothing: an action is to fill the empty data volume. */
  AWAIT_RESTORE,
  /** Start the engine. */
  START,
  /** Nothing: the engine runs. */
  WATCH,
  /** Ask the engine to stop. */
  STOP,
  /** Nothing: the engine was asked to stop and has time left. */
  AWAIT_STOP,
  /** End the engine: it was asked to stop, and its patience has run out. */
  KILL,
  /** Nothing: the engine is to be stopped, and is. */
  REST,
  /** End the agent. */
  FINISH
}
