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

    /** On one line. */
    String write() {
      return number + " " + atMillis + " " + configDigest;
    }

    /** What {@link #write} gave, or {@link #NONE}. */
    static Start read(String line) {
      String[] parts = line.split(" ", -1);
      try {
        return parts.length == 3
            ? new Start(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), parts[2])
            : NONE;
      } catch (NumberFormatException e) {
        return NONE;
      }
    }
  }

  public long pid() {
    return process.pid();
  }
}
