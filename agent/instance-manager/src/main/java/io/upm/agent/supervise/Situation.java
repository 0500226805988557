package io.upm.agent.supervise;

/**
 * All that the next step depends on.
 *
 * @param wish what is wanted
 * @param given what there is to work with
 * @param engine the engine's process
 * @param config the configuration
 * @param initialized whether the data volume holds an instance; only known with plugin and document
 * @param pausing whether something failed a short while ago
 */
record Situation(
    Wish wish, Given given, Engine engine, Config config, boolean initialized, boolean pausing) {
  /** What is wanted. */
  enum Wish {
    /** The engine runs. */
    RUN,
    /** The engine runs, in another process than the one that runs now. */
    RESTART,
    /** The engine is stopped. */
    STOPPED,
    /** The container ends. */
    END
  }

  /** What there is to work with. */
  enum Given {
    NO_DOCUMENT,
    NO_PLUGIN,
    ALL
  }

  /** The engine's process. */
  enum Engine {
    ABSENT,
    PRESENT,
    /** Asked to stop. */
    STOPPING,
    /** Asked to stop, and its patience has run out. */
    OVERDUE
  }

  /** The configuration, for the document and plugin at hand. */
  enum Config {
    /** To be rendered. */
    DUE,
    /** In force, but the engine was not asked. */
    UNCHECKED,
    /** In force. */
    GOOD,
    /** Refused, and the last good one is in force. */
    LAST_GOOD,
    /** Refused, and there is no other. */
    REFUSED
  }
}
