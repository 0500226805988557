package io.upm.runtime.topology;

import io.upm.spi.topology.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When to look again. Whatever a plugin decides, a loop never spins: a step that is decided on once
 * more although it was done, and failures in a row, make the pauses double up to a minute. Not safe
 * for concurrent use.
 */
final class Pace {
  /** A topology in which every node reports by itself, and nothing is amiss. */
  static final Duration CALM = Duration.ofSeconds(30);

  /** One with nodes that don't, or with something amiss. */
  static final Duration WATCHFUL = Duration.ofSeconds(5);

  /** One in which something is under way that may keep clients waiting. */
  static final Duration BRISK = Duration.ofMillis(250);

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** Different steps that may follow each other without a pause. */
  private static final int BURST = 64;

  private @Nullable Step last;
  private int repeats;
  private int burst;
  private int failures;
  private int expired;

  /** After a look that found nothing to do. */
  Duration afterLook(boolean calm, Optional<Instant> deadline, Instant now) {
    last = null;
    repeats = 0;
    burst = 0;
    failures = 0;
    Duration usual = calm ? CALM : WATCHFUL;
    Duration left = deadline.map(until -> Duration.between(now, until)).orElse(usual);
    if (left.compareTo(SHORTEST) >= 0) {
      expired = 0;
      return shorter(left, usual);
    }
    expired++;
    return expired == 1 ? SHORTEST : shorter(doubled(expired), usual);
  }

  /** After a look that found an intent under way, and nothing to do for it yet. */
  Duration afterLookUnderWay() {
    last = null;
    repeats = 0;
    burst = 0;
    failures = 0;
    return BRISK;
  }

  /** After a step that was done: at once, if it is not the one that was done just before. */
  Duration afterStep(Step step) {
    failures = 0;
    repeats = step.equals(last) ? repeats + 1 : 0;
    last = step;
    return repeats > 0 ? doubled(repeats) : afterProgress();
  }

  /** After something was remembered. */
  Duration afterProgress() {
    failures = 0;
    return afterConflict();
  }

  /** After somebody else changed the object or the plugin: at once, unless that goes on. */
  Duration afterConflict() {
    burst++;
    return burst > BURST ? WATCHFUL : Duration.ZERO;
  }

  Duration afterFailure() {
    failures++;
    return doubled(failures);
  }

  private static Duration doubled(int times) {
    return shorter(FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, 10)), LONGEST_PAUSE);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
