package io.upm.plugin.mysql.topology;

import static io.upm.plugin.mysql.topology.Model.gtids;
import static io.upm.plugin.mysql.topology.Model.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.Channel;
import io.upm.spi.topology.Decision.Nothing;
import org.junit.jupiter.api.Test;

/** What is done about replicas. */
class DecideReplicasTest extends DecideScene {
  @Test
  void doesNotThrowAwayWhatAReplicaReceivedAndDidNotApply() {
    running("rpl_semi_sync").server("b").follow("c").retrieved = gtids("c", 1, 1);

    waitsFor("b has transactions that the source a lacks");
  }

  @Test
  void aCommitThatWaitsForItsAcknowledgementIsNobodysOwn() {
    running("rpl_semi_sync").server("b").retrieved = gtids("a", 10, 10);

    assertThat(model.decide()).isInstanceOf(Nothing.class);

    model.server("b").retrieved = gtids("b", 1, 1);
    waitsFor("b has transactions that the source a lacks");
  }

  @Test
  void whatADisconnectedReplicaHasMoreIsItsOwn() {
    running("rpl_semi_sync").server("b").retrieved = gtids("a", 10, 10);
    model.server("b").running = false;

    waitsFor("b has transactions that the source a lacks");
  }

  @Test
  void closesAReplicaThatIsWritableWhileTheSourceIsAway() {
    running("rpl_semi_sync").server("a").reachable = false;
    model.server("b").opened();

    decides(Steps.CLOSE, "b");
  }

  @Test
  void startsAReplicaThatWasStopped() {
    running("rpl_semi_sync").server("b").running = false;
    decides(Steps.START, "b");
  }

  @Test
  void pointsAReplicaBackToTheSource() {
    running("rpl_semi_sync").server("b").follow("c");
    decides(Steps.FOLLOW, "b");
  }

  @Test
  void leavesAReplicaWithTransactionsOfItsOwnAlone() {
    running("rpl_semi_sync").server("b").running = false;
    model.server("b").has(model.server("b").executed.plus(gtids("b", 1, 2)));

    waitsFor("b has transactions that the source a lacks: " + Model.uuid("b") + ":1-2");
  }

  @Test
  void leavesAReplicaAloneThatNeedsWhatIsGone() {
    running("rpl_semi_sync");
    model.server("a").purged = gtids("a", 1, 4);
    model.server("b").source = null;
    model.server("b").has(gtids("a", 1, 3));

    waitsFor("b needs transactions that the source a has removed from its binary logs");
  }

  @Test
  void doesNotTryAnErrorAgainAtOnce() {
    running("rpl_semi_sync").server("b").applierError =
        new Channel.Error(1205, "lock wait timeout", 10);
    waitsFor("b replicates from a");

    model.server("b").applierError = new Channel.Error(1205, "lock wait timeout", 61);
    decides(Steps.START, "b");
  }

  @Test
  void doesNotTryDataThatDiffersAgain() {
    running("rpl_semi_sync").server("b").applierError =
        new Channel.Error(1062, "duplicate entry", 3600);
    waitsFor("b can't apply what it received (error 1062)");
  }

  @Test
  void stopsAnIsolatedReplica() {
    var cluster = running("rpl_async");
    model = new Model(spec("rpl_async", "c"));
    model.servers.putAll(cluster.servers);
    model.memory = cluster.memory;

    decides(Steps.STOP, "c");
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.server("c").running).isFalse();
    assertThat(model.server("c").superReadOnly).isTrue();
  }

  @Test
  void turnsSemiSyncOnReplicasFirstAndOffSourceFirst() {
    var cluster = running("rpl_async");
    model = new Model(spec("rpl_semi_sync"));
    model.servers.putAll(cluster.servers);
    model.memory = cluster.memory;
    decides(Steps.SEMI_SYNC_REPLICA, "b");
    model.apply(model.decide());
    decides(Steps.SEMI_SYNC_REPLICA, "c");
    model.apply(model.decide());
    decides(Steps.SEMI_SYNC_SOURCE, "a");
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);

    var semi = model;
    model = new Model(spec("rpl_async"));
    model.servers.putAll(semi.servers);
    model.memory = semi.memory;
    decides(Steps.SEMI_SYNC_SOURCE, "a");
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.server("b").acknowledging).isFalse();
  }

  @Test
  void doesNotStopTheWritesOfARunningSourceByTurningSemiSyncOn() {
    var cluster = running("rpl_async");
    model = new Model(spec("rpl_semi_sync"));
    model.servers.putAll(cluster.servers);
    model.memory = cluster.memory;
    model.server("b").plugins = false;
    model.server("c").plugins = false;

    waitsFor("1 replicas acknowledge");
  }

  @Test
  void restartsAReceiverThatDoesNotAcknowledge() {
    running("rpl_semi_sync").server("c").acknowledging = false;
    decides(Steps.SEMI_SYNC_REPLICA, "c");
  }
}
