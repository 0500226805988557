package io.upm.runtime.provision;

import io.upm.runtime.api.ProvisionStatus.AppliedStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done about a declared database or user, and said of it.
 *
 * @param step what is done now
 * @param hold what is done about the object's finalizer before that
 * @param ready whether the engine has it as it is declared
 * @param reason why, as one word
 * @param message why, as a sentence
 * @param order the call that the step is about; also one that is waited for
 * @param known what is known of the engine then
 * @param lacking what it waits for, and what the user can do about that
 * @param recheck when to look again though nothing happened
 */
record ProvisionDecision(
    Step step,
    Hold hold,
    boolean ready,
    String reason,
    String message,
    Optional<ProvisionOrder> order,
    Known known,
    Optional<Lacking> lacking,
    Optional<Duration> recheck) {
  /** What is done. */
  enum Step {
    NONE,
    /** The call is made, unless it is there. */
    MAKE,
    /** The call, which failed, makes room for another one. */
    MAKE_AGAIN
  }

  /** What is done about the finalizer. */
  enum Hold {
    AS_IT_IS,
    ADD,
    REMOVE
  }

  /**
   * What the engine was given.
   *
   * @param applied empty before the first time
   * @param formerUntil until when it takes a former password; empty when it takes none
   * @param begun name of a call that may have come through since, whether it is still there or not
   */
  record Known(
      Optional<AppliedStatus> applied, Optional<Instant> formerUntil, Optional<String> begun) {}

  /**
   * What is missing, as a sentence of what has to come true.
   *
   * @param unblock what the user can do
   */
  record Lacking(String predicate, String unblock) {}

  static ProvisionDecision is(boolean ready, String reason, String message, Known known) {
    return new ProvisionDecision(
        Step.NONE,
        Hold.AS_IT_IS,
        ready,
        reason,
        message,
        Optional.empty(),
        known,
        Optional.empty(),
        Optional.empty());
  }

  ProvisionDecision by(Step next, ProvisionOrder call) {
    return new ProvisionDecision(
        next, hold, ready, reason, message, Optional.of(call), known, lacking, recheck);
  }

  ProvisionDecision holding(Hold next) {
    return new ProvisionDecision(
        step, next, ready, reason, message, order, known, lacking, recheck);
  }

  ProvisionDecision waiting(Lacking what) {
    return new ProvisionDecision(
        step, hold, ready, reason, message, order, known, Optional.of(what), recheck);
  }

  /** The sooner of this and what was to be already. */
  ProvisionDecision again(Duration after) {
    Duration soonest = recheck.filter(one -> one.compareTo(after) < 0).orElse(after);
    return new ProvisionDecision(
        step, hold, ready, reason, message, order, known, lacking, Optional.of(soonest));
  }
}
