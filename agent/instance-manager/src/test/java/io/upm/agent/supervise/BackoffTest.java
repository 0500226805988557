package io.upm.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration SHORT = Duration.ofSeconds(3);

  @Test
  void engineThatDiesIsStartedAtOnceAndThenAfterPausesThatDouble() {
    var pauses = new ArrayList<Long>();
    Backoff backoff = Backoff.none(0);
    for (int death = 0; death < 9; death++) {
      backoff = backoff.died(0, SHORT);
      pauses.add(Duration.ofNanos(backoff.notBeforeNanos()).toSeconds());
    }
    assertThat(pauses).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
  }

  @Test
  void engineThatRanForAMinuteIsStartedAtOnceAgain() {
    Backoff backoff = Backoff.none(0);
    for (int death = 0; death < 5; death++) {
      backoff = backoff.died(0, SHORT);
    }
    assertThat(backoff.pausing(1)).isTrue();
    assertThat(backoff.died(0, Duration.ofMinutes(1)).pausing(1)).isFalse();
  }

  @Test
  void stepThatFailedIsNeverTriedAgainAtOnce() {
    Backoff backoff = Backoff.none(0).failed(0);
    assertThat(backoff.pausing(Backoff.FIRST.toNanos() - 1)).isTrue();
    assertThat(backoff.pausing(Backoff.FIRST.toNanos())).isFalse();
  }

  @Test
  void changeHurriesButDoesNotForgive() {
    Backoff backoff = Backoff.none(0).failed(0).failed(0).hurried(5);
    assertThat(backoff.pausing(5)).isFalse();
    assertThat(backoff.failures()).isEqualTo(2);
  }

  @Test
  void clockMayOverflow() {
    long late = Long.MAX_VALUE - 10;
    Backoff backoff = Backoff.none(late).failed(late);
    assertThat(backoff.pausing(late + 20)).isTrue();
    assertThat(backoff.pausing(late + Backoff.FIRST.toNanos())).isFalse();
  }
}
