package io.upm.agent.supervise;

import java.time.Duration;

/**
 * When to try again what failed: at once the first time an engine dies, otherwise after a pause
 * that doubles. Times are readings of one monotonic clock in nanoseconds.
 *
 * @param failures failures in a row
 * @param notBeforeNanos no sooner than then
 */
record Backoff(int failures, long notBeforeNanos) {
  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofSeconds(30);

  /** An engine that ran for so long has recovered. */
  static final Duration RECOVERED = Duration.ofMinutes(1);

  static Backoff none(long nowNanos) {
    return new Backoff(0, nowNanos);
  }

  /** After the engine died. */
  Backoff died(long nowNanos, Duration ranFor) {
    int before = ranFor.compareTo(RECOVERED) >= 0 ? 0 : failures;
    Duration pause = before == 0 ? Duration.ZERO : pauseAfter(before);
    return new Backoff(before + 1, nowNanos + pause.toNanos());
  }

  /** After a step failed. */
  Backoff failed(long nowNanos) {
    return new Backoff(failures + 1, nowNanos + pauseAfter(failures + 1).toNanos());
  }

  /** Something changed, so that it is worth trying at once. */
  Backoff hurried(long nowNanos) {
    return new Backoff(failures, nowNanos);
  }

  boolean pausing(long nowNanos) {
    return notBeforeNanos - nowNanos > 0;
  }

  private static Duration pauseAfter(int failures) {
    int doublings = Math.min(failures - 1, 16);
    Duration pause = FIRST.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
