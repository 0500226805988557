package io.upm.agent.engine;

/**
 * One run of the engine, from its start to its end.
 *
 * @param process its process
 * @param start what was noted when it was started
 */
public record EngineRun(ProcessIdentity process, Start start) {
  /**
   * Noted before each start.
   *
   * @param number 1 for the first start in this container
   * @param atMillis milliseconds since the epoch
   * @param configDigest configuration that it was started with
   */
  public record Start(int number, long atMillis, String configDigest) {
    static final Start NONE = new Start(0, 0, "");
  }

  public long pid() {
    return process.pid();
  }
}
