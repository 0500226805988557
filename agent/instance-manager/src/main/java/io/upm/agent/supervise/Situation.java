package io.upm.agent.supervise;

/**
 * All that the next step depends on.
 *
 * @param wish what is wanted
 * @param given what there is to work with
 * @param engine the engine's process
 * @param config the configuration
 * @param data what the data volume holds; only known with plugin and document
 * @param pausing whether something failed a short while ago
 */
record Situation(Wish wish, Given given, Engine engine, Config config, Data data, boolean pausing) {
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

  /** What the data volume holds. */
  enum Data {
    /** Nothing, and it is to be made an instance. */
    EMPTY,
    /** Nothing, and an action is to restore an instance there. */
    TO_BE_RESTORED,
    /** An instance. */
    INITIALIZED
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
