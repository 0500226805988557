package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadyWaitTest {
  private final StringWriter progress = new StringWriter();
  private final Patience patience = new Patience(() -> {}, new PrintWriter(progress, true));

  @Test
  void isContentWithTheLookThatFoundAllWell() throws InterruptedException {
    Snapshot well = Snapshots.healthy();
    var looks = looks(Snapshots.crashed(), well, Snapshots.crashed());

    Snapshot last = ReadyWait.await(patience, Duration.ofMinutes(1), "orders", looks::removeFirst);

    assertThat(last).isSameAs(well);
    assertThat(looks).as("nothing is looked at afterwards").hasSize(1);
  }

  @Test
  void waitsOnWhileTheSetIsReadyAndItsTopologyIsNot() throws InterruptedException {
    Snapshot stirred =
        new Snapshot(
            Snapshots.healthy().set(),
            Snapshots.healthy().units(),
            Snapshots.healthy().pods(),
            Snapshots.crashed().topologies(),
            List.of(),
            List.of(),
            Attached.NOTHING);
    Snapshot well = Snapshots.healthy();
    var looks = looks(stirred, stirred, well);

    Snapshot last = ReadyWait.await(patience, Duration.ofMinutes(1), "orders", looks::removeFirst);

    assertThat(last).isSameAs(well);
    assertThat(progress.toString()).contains("2 of 2 ready").contains("orders-1");
    assertThat(progress.toString().lines()).as("each state is told once").hasSize(1);
  }

  @Test
  void givesWhatItSawLastWhenTheTimeIsOver() throws InterruptedException {
    Snapshot crashed = Snapshots.crashed();
    var looks = looks(crashed);

    Snapshot last = ReadyWait.await(patience, Duration.ZERO, "orders", looks::removeFirst);

    assertThat(last).isSameAs(crashed);
  }

  private static Deque<Snapshot> looks(Snapshot... snapshots) {
    return new ArrayDeque<>(List.of(snapshots));
  }
}
