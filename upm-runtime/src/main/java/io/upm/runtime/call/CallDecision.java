package io.upm.runtime.call;

import io.upm.runtime.agent.Following.Report;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be done about a call, and said of it.
 *
 * @param step what is done now
 * @param phase where it is
 * @param message what is said
 * @param attempt which attempt that is about
 * @param report what its agent said last
 * @param lacking what it waits for
 * @param recheck when to look again though nothing happened
 */
record CallDecision(
    Step step,
    Phase phase,
    String message,
    int attempt,
    Optional<Report> report,
    Optional<CallView.Lacking> lacking,
    Optional<Duration> recheck) {
  /** What is done. */
  enum Step {
    NONE,
    /** Its agent is asked to begin the operation, unless it knows it, and followed. */
    BEGIN,
    /** Its agent is followed; nothing is begun. */
    FOLLOW,
    CANCEL,
    /** It has ended: what is known of the operation is let go, and others have their turn. */
    FORGET,
    /** The object itself is deleted: its time is over. */
    DELETE
  }
}
