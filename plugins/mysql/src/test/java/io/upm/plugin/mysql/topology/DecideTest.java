package io.upm.plugin.mysql.topology;

import static io.upm.plugin.mysql.topology.Model.gtids;
import static io.upm.plugin.mysql.topology.Model.preferring;
import static io.upm.plugin.mysql.topology.Model.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Decision.Nothing;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecideTest extends DecideScene {
  @ParameterizedTest
  @ValueSource(strings = {"rpl_async", "rpl_semi_sync"})
  void setsUpFreshServers(String mode) {
    running(mode);

    boolean semiSync = mode.equals("rpl_semi_sync");
    assertThat(model.open()).singleElement().hasFieldOrPropertyWithValue("name", "a");
    assertThat(model.server("b").source).isEqualTo("a");
    assertThat(model.server("c").source).isEqualTo("a");
    assertThat(model.server("a").waits).isEqualTo(semiSync);
    assertThat(model.server("b").acknowledging).isEqualTo(semiSync);
    assertThat(model.memory.source()).contains("a");
    assertThat(model.memory.epoch()).isEqualTo(1);
    assertThat(model.decide()).isInstanceOf(Nothing.class);
  }

  @Test
  void commitsWaitForReplicasBeforeTheFirstWriteIsTaken() {
    decides(Steps.SEMI_SYNC_SOURCE, "a");
  }

  @Test
  void opensNobodyBeforeEverybodyWasSeen() {
    model.server("c").reachable = false;
    waitsFor("c not yet");

    model.server("c").reachable = true;
    model.server("a").reachable = false;
    waitsFor("a not yet");
  }

  @Test
  void doesNotWaitForIsolatedServers() {
    model = new Model(spec("rpl_async", "c"));
    model.server("c").reachable = false;

    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.server("a").superReadOnly).isFalse();
  }

  @Test
  void opensNobodyWhileAnotherHasMoreData() {
    model.server("b").has(gtids("b", 1, 3));
    waitsFor("a has every transaction; b has some that it lacks");
  }

  @Test
  void adoptsARunningClusterWithoutTouchingIt() {
    running("rpl_semi_sync").memory = Memory.EMPTY;

    assertThat(model.decide())
        .isInstanceOfSatisfying(
            Decision.Remember.class,
            remember -> assertThat(remember.memory().source()).contains("a"));
    assertThat(model.settle(2)).isInstanceOf(Nothing.class);
  }

  @Test
  void adoptsTheSourceThatIsLiveNotTheOneThatIsWished() {
    var cluster = running("rpl_semi_sync");
    model = new Model(preferring("b", cluster.spec));
    model.servers.putAll(cluster.servers);

    model.apply(model.decide());

    assertThat(model.memory.source()).contains("a");
    waitsFor("the source is b; it is a");
  }

  @Test
  void closesAFreshServerThatIsWritable() {
    model.server("b").opened();
    decides(Steps.CLOSE, "b");
  }

  @Test
  void touchesNobodyWhenTwoUnknownHistoriesAreWritable() {
    model.server("a").opened().has(gtids("a", 1, 5));
    model.server("b").opened().has(gtids("b", 1, 5));
    waitsFor("only one server is writable");
  }

  @Test
  void closesASecondWritableServerAtOnce() {
    running("rpl_semi_sync").server("c").opened();
    decides(Steps.CLOSE, "c");

    model.server("c").has(gtids("c", 1, 1));
    decides(Steps.CLOSE, "c");
  }

  @Test
  void reopensTheSourceAfterARestart() {
    running("rpl_semi_sync").server("a").restart(true);

    decides(Steps.SEMI_SYNC_SOURCE, "a");
    model.apply(model.decide());
    decides(Steps.OPEN, "a");
    model.apply(model.decide());
    assertThat(model.decide()).isInstanceOf(Nothing.class);
  }

  @Test
  void reopensTheSourceThoughAReplicaIsAway() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("b").reachable = false;

    model.settle(ROUNDS);

    assertThat(model.server("a").superReadOnly).isFalse();
  }

  @Test
  void keepsARestartedSourceClosedWhenAReplicaHasMore() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("a").has(gtids("a", 1, 8));

    waitsFor("a has every transaction; b has some");
  }

  @Test
  void keepsARestartedSourceClosedWhenAReplicaHasReceivedMore() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("b").retrieved = gtids("a", 9, 10);

    waitsFor("a has every transaction; b has some that it lacks: " + Model.uuid("a") + ":10");
  }

  @Test
  void leavesAWritableServerWithMoreDataToTheUserWhileTheSourceIsClosed() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("b").opened().has(gtids("a", 1, 12));

    waitsFor("no other server is writable; b is, and has transactions that a lacks");
  }

  @Test
  void leavesOnlyOneOfTwoSuchServersWritable() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("b").opened().has(gtids("a", 1, 12));
    model.server("c").opened().has(gtids("a", 1, 11));

    decides(Steps.CLOSE, "c");
  }

  @Test
  void keepsAnEmptySourceInThePlaceOfTheOldOneClosed() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("a").uuid = Model.uuid("new");
    model.server("a").has(io.upm.plugin.mysql.client.GtidSet.EMPTY);
    waitsFor("a has the data of the source that it was");

    model.server("b").reachable = false;
    model.server("c").reachable = false;
    waitsFor("a has the data of the source that it was");

    model.server("a").opened();
    decides(Steps.CLOSE, "a");
  }

  @Test
  void acceptsASourceThatCameBackWithAllData() {
    running("rpl_semi_sync").server("a").restart(true);
    model.server("a").uuid = Model.uuid("restored");

    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.memory.facts()).containsEntry("sourceUuid", Model.uuid("restored"));
    assertThat(model.memory.epoch()).isEqualTo(2);
  }

  @Test
  void promotesNobodyInThePlaceOfASourceThatIsAway() {
    running("rpl_semi_sync").server("a").reachable = false;
    model.server("b").running = false;

    waitsFor("the source a can be reached");
  }

  @Test
  void acceptsASourceThatTheUserMadeByHand() {
    var cluster = running("rpl_semi_sync");
    model = new Model(preferring("b", cluster.spec));
    model.servers.putAll(cluster.servers);
    model.memory = cluster.memory;
    model.server("a").restart(true);
    model.server("b").opened().source = null;

    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.memory.source()).contains("b");
    assertThat(model.memory.epoch()).isEqualTo(2);
    assertThat(model.server("a").source).isEqualTo("b");
    assertThat(model.open()).singleElement().hasFieldOrPropertyWithValue("name", "b");
  }

  @Test
  void touchesNobodyWhileTheSourceIsNotInTheSpec() {
    running("rpl_semi_sync").memory = model.memory.withSource("gone");
    model.server("b").running = false;
    waitsFor("gone, which is the source, is in the spec");
  }

  @Test
  void touchesNobodyWhenTwoNamesStandForOneServer() {
    running("rpl_semi_sync").server("b").uuid = Model.uuid("a");
    model.server("b").opened();
    waitsFor("a and b are different servers");
  }

  @Test
  void leavesAnIntentOfAnotherVersionAlone() {
    running("rpl_semi_sync").memory =
        model.memory.withIntent(new Intent("failover", "b", 7, Model.NOW, Model.NOW, Map.of()));
    model.server("b").running = false;
    waitsFor("failover of b ends");
  }

  @Test
  void forgetsWhomASourceUsedToFollow() {
    model.server("a").source = "c";
    model.server("a").running = false;
    decides(Steps.FORGET, "a");
  }

  @Test
  void opensNobodyWhoReplicates() {
    model.server("a").follow("c");
    waitsFor("a does not replicate from c.db any more");
  }

  @Test
  void statusDoesNotChangeWithTheClock() {
    model.server("c").reachable = false;
    Observation seen = model.observe();
    var later = new Observation(seen.at().plusSeconds(600), seen.servers());

    assertThat(Decide.decide(new Situation(model.spec, later, model.memory)))
        .isEqualTo(model.decide());
  }
}
