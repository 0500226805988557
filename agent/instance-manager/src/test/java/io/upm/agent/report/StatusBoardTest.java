package io.upm.agent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.spi.instance.Health;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StatusBoardTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final StatusBoard board = new StatusBoard();

  @Test
  void gaugesAreNoChangeButFactsAre() {
    board.update(status -> probed(status, "1", "a"));
    long version = board.latest().version();
    board.update(status -> probed(status, "2", "a"));
    assertThat(board.latest().version()).isEqualTo(version);
    assertThat(board.latest().value().probe().orElseThrow().health().gauges())
        .containsEntry("gauge", "2");
    board.update(status -> probed(status, "2", "b"));
    assertThat(board.latest().version()).isEqualTo(version + 1);
  }

  @Test
  void whoWaitsIsWokenByAChange() throws Exception {
    var woken = new CountDownLatch(1);
    long version = board.latest().version();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                board.awaitAfter(version, LONG);
                woken.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    board.update(status -> probed(status, "1", "a"));
    woken.await();
    board.awaitAfter(board.latest().version(), Duration.ofMillis(1));
  }

  @Test
  void settledBoardIsBelievedAtOnce() throws Exception {
    board.awaitSettled(Duration.ofMillis(1));
    board.settle();
    board.awaitSettled(LONG);
  }

  @Test
  void readyTakesBothProcessAndProbe() {
    board.update(status -> probed(status, "1", "a"));
    assertThat(board.latest().value().ready()).isFalse();
    assertThat(board.latest().value().reason()).isEqualTo("the agent starts");
    board.update(StatusBoardTest::running);
    assertThat(board.latest().value().ready()).isTrue();
    assertThat(board.latest().value().reason()).isEmpty();
  }

  private static Status running(Status status) {
    return new Status(
        status.plugin(),
        1,
        new Status.EngineProcess(Phase.RUNNING, "", 1, 2, 3),
        status.probe(),
        status.config(),
        status.accounts());
  }

  private static Status probed(Status status, String gauge, String fact) {
    var health = new Health(true, true, "", "", Map.of("fact", fact), Map.of("gauge", gauge));
    return new Status(
        status.plugin(),
        status.revision(),
        status.process(),
        Optional.of(new Status.Probe(health, System.nanoTime(), 5)),
        status.config(),
        status.accounts());
  }
}
