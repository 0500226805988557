package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.topology.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final Pace pace = new Pace();

  @Test
  void isCalmOrWatchful() {
    assertThat(look(true, Optional.empty())).isEqualTo(Duration.ofSeconds(30));
    assertThat(look(false, Optional.empty())).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aDeadlineIsNotMissed() {
    assertThat(look(false, Optional.of(NOW.plusSeconds(2)))).isEqualTo(Duration.ofSeconds(2));
    assertThat(look(false, Optional.of(NOW.plusSeconds(60)))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aDeadlineThatIsAlwaysOverDoesNotSpin() {
    assertThat(look(false, Optional.of(NOW))).isEqualTo(Duration.ofMillis(100));
    assertThat(look(false, Optional.of(NOW))).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    IntStream.range(0, 10).forEach(time -> look(false, Optional.of(NOW)));
    assertThat(look(false, Optional.of(NOW))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void isBriskWhileSomethingIsUnderWay() {
    assertThat(pace.afterLookUnderWay()).isEqualTo(Duration.ofMillis(250));
    assertThat(look(true, Optional.empty())).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void differentStepsFollowEachOtherAtOnceUpToABound() {
    for (int index = 0; index < 64; index++) {
      assertThat(pace.afterStep(step("s" + index))).isEqualTo(Duration.ZERO);
    }
    assertThat(pace.afterStep(step("a"))).isEqualTo(Duration.ofSeconds(5));
    look(true, Optional.empty());
    assertThat(pace.afterStep(step("b"))).isEqualTo(Duration.ZERO);
  }

  @Test
  void theSameStepAgainMakesPausesDoubleUpToAMinute() {
    assertThat(pace.afterStep(step("a"))).isEqualTo(Duration.ZERO);
    assertThat(pace.afterStep(step("a"))).isEqualTo(Duration.ofMillis(500));
    assertThat(pace.afterStep(step("a"))).isEqualTo(Duration.ofSeconds(1));
    IntStream.range(0, 100).forEach(time -> pace.afterStep(step("a")));
    assertThat(pace.afterStep(step("a"))).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void failuresMakePausesDoubleUpToAMinute() {
    assertThat(pace.afterFailure()).isEqualTo(Duration.ofMillis(500));
    assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(1));
    IntStream.range(0, 100).forEach(time -> pace.afterFailure());
    assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(60));
    look(false, Optional.empty());
    assertThat(pace.afterFailure()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void conflictsWithoutEndDoNotSpin() {
    IntStream.range(0, 64).forEach(time -> pace.afterConflict());
    assertThat(pace.afterConflict()).isEqualTo(Duration.ofSeconds(5));
  }

  private Duration look(boolean calm, Optional<Instant> deadline) {
    return pace.afterLook(calm, deadline, NOW);
  }

  private static Step step(String kind) {
    return new Step(kind, "demo-0", Map.of(), "why");
  }
}
