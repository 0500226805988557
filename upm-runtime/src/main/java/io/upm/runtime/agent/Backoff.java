package io.upm.runtime.agent;

import java.time.Duration;

/** Pauses that double up to a bound. Not safe for concurrent use. */
final class Backoff {
  private final Duration first;
  private final Duration bound;
  private Duration next;

  Backoff(Duration first, Duration bound) {
    this.first = first;
    this.bound = bound;
    this.next = first;
  }

  Duration next() {
    Duration pause = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(bound) > 0 ? bound : doubled;
    return pause;
  }

  void reset() {
    next = first;
  }
}
