package io.upm.runtime.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One who follows an operation, until it has ended or the connection has. */
public interface Following extends AutoCloseable {
  /** What is known; the same one as before when nothing changed. */
  Heard heard();

  /** Asks the agent to end the operation; what comes of it is heard. */
  void cancel();

  /** Follows no more; the operation goes on. */
  @Override
  void close();

  /** How far an operation is. */
  enum Phase {
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  /** Why nothing more is heard. */
  enum End {
    /** It goes on, or has ended. */
    NONE,
    /** The agent won't begin it now, and may later. */
    NOT_NOW,
    /** The agent will never begin it. */
    REFUSED,
    /** The agent knows nothing of it. */
    UNKNOWN,
    /** The connection broke. */
    BROKEN
  }

  /**
   * What was heard of an operation.
   *
   * @param report empty before the first word
   * @param end why no more is heard
   * @param problem one sentence for the user; empty when there is none
   */
  record Heard(Optional<Report> report, End end, String problem) {}

  /**
   * What an agent says of an operation.
   *
   * @param plugin version of the plugin that it runs on
   * @param done bytes or items
   * @param total 0 when it is not known
   * @param beganMillis since the epoch
   * @param endedMillis since the epoch; 0 while it runs
   */
  record Report(
      Phase phase,
      String plugin,
      String message,
      long done,
      long total,
      Map<String, String> values,
      List<String> log,
      long beganMillis,
      long endedMillis,
      boolean retryable) {
    public Report {
      values = Map.copyOf(values);
      log = List.copyOf(log);
    }
  }
}
