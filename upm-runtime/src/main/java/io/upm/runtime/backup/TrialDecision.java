package io.upm.runtime.backup;

import io.upm.runtime.api.TrialStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be done about a trial, and said of it.
 *
 * @param step what is done now
 * @param status what is said
 * @param recheck when to look again though nothing happened
 */
record TrialDecision(Step step, TrialStatus status, Optional<Duration> recheck) {
  /** What is done. */
  enum Step {
    NONE,
    /** The UnitSet is made, unless it is there. */
    MAKE_SET,
    /** The call that checks the data is made, unless it is there. */
    MAKE_CHECK,
    /** The UnitSet is deleted. */
    REMOVE_SET
  }
}
