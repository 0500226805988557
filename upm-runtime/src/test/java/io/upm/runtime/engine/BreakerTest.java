package io.upm.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private final AtomicInteger trips = new AtomicInteger();
  private final Breaker breaker = new Breaker(trips::incrementAndGet);

  /** Calls of one operation in their order: a dot returned, an x failed. */
  @ParameterizedTest
  @CsvSource({
    "xxxx, false",
    "xxxxx, true",
    ".x.x.x.x.x, true",
    "..x..x..x..x..x..x..x..x, false",
    "....................xxxxx, true",
    "xxxxx......, false",
    "xxxxx....., true",
  })
  void tripsWhenHalfOfTheLastCallsFailed(String calls, boolean expected) {
    play("decide", calls);

    assertThat(breaker.trip().isPresent()).isEqualTo(expected);
  }

  @Test
  void takesEachOperationForItself() {
    for (int i = 0; i < 4; i++) {
      play("decide", "x");
      play("observe", "x");
    }
    assertThat(breaker.trip()).isEmpty();

    play("observe", "..........");
    play("decide", "x");
    assertThat(breaker.trip())
        .hasValueSatisfying(trip ->
            assertThat(trip.sentence())
                .isEqualTo("decide failed in 5 of its last 5 calls; the last time: no idea"));
    assertThat(breaker.tally()).isEqualTo(new Breaker.Tally(19, 9));
  }

  @Test
  void isToldOnceAndForgetsWhenItIsReset() {
    play("decide", "xxxxxxxxx");
    assertThat(trips).hasValue(1);

    breaker.reset();
    assertThat(breaker.trip()).isEmpty();
    assertThat(breaker.tally()).isEqualTo(Breaker.Tally.NONE);
    play("decide", "xxxxx");
    assertThat(trips).hasValue(2);
  }

  private void play(String operation, String calls) {
    calls
        .chars()
        .forEach(call -> {
          if (call == 'x') {
            breaker.failed(operation, "no idea");
          } else {
            breaker.returned(operation);
          }
        });
  }
}
