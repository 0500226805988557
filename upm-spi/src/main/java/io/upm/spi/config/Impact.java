package io.upm.spi.config;

/** What it takes until a changed parameter is in force. */
public enum Impact {
  /** Applied to the running engine. */
  DYNAMIC,
  /** In force after the engine was restarted. */
  RESTART,
  /** Fixed when the instance is initialised. */
  IMMUTABLE
}
