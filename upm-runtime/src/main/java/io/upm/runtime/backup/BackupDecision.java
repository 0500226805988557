package io.upm.runtime.backup;

import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.backup.BackupView.Candidate;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be done about a backup, and said of it.
 *
 * @param step what is done now
 * @param phase where it is
 * @param message what is said
 * @param unit Unit that a call is for, where one is made
 * @param lacking what it waits for, and what the user can do about that
 * @param recheck when to look again though nothing happened
 */
record BackupDecision(
    Step step,
    Phase phase,
    String message,
    Optional<Candidate> unit,
    Optional<Lacking> lacking,
    Optional<Duration> recheck) {
  /** What is done. */
  enum Step {
    NONE,
    /** The call that makes it is made, unless it is there. */
    MAKE,
    /** That call is cancelled. */
    CANCEL,
    /** The call that removes what is stored is made, unless it is there. */
    REMOVE,
    /** A call for that which failed makes room for another one. */
    REMOVE_AGAIN,
    /** The object itself is deleted: nothing is stored any more. */
    DELETE
  }

  /**
   * What is missing, as a sentence of what has to come true.
   *
   * @param unblock what the user can do
   */
  record Lacking(String predicate, String unblock) {}

  static BackupDecision of(Step step, Phase phase, String message) {
    return new BackupDecision(
        step, phase, message, Optional.empty(), Optional.empty(), Optional.empty());
  }

  BackupDecision by(Candidate taken) {
    return new BackupDecision(step, phase, message, Optional.of(taken), lacking, recheck);
  }

  BackupDecision again(Duration after) {
    return new BackupDecision(step, phase, message, unit, lacking, Optional.of(after));
  }

  BackupDecision waiting(Lacking what, Duration after) {
    return new BackupDecision(step, phase, message, unit, Optional.of(what), Optional.of(after));
  }
}
