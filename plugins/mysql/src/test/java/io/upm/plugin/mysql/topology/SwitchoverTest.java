package io.upm.plugin.mysql.topology;

import static io.upm.plugin.mysql.topology.Model.gtids;
import static io.upm.plugin.mysql.topology.Model.preferring;
import static io.upm.plugin.mysql.topology.Model.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.Channel;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Decision.Nothing;
import io.upm.spi.topology.Decision.Perform;
import io.upm.spi.topology.Decision.Remember;
import io.upm.spi.topology.Decision.WaitFor;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server {@code b} is to take over from {@code a}. */
class SwitchoverTest extends DecideScene {
  private static final int STEPS = 60;

  @BeforeEach
  void wished() {
    wished("rpl_semi_sync");
  }

  private void wished(String mode) {
    running(mode);
    model.spec = preferring("b", model.spec);
  }

  /** Decides and does so until it waits, or has done a step of that kind. */
  private Decision until(String kind) {
    for (int round = 0; round < STEPS; round++) {
      Decision decision = model.decide();
      if (decision instanceof WaitFor || decision instanceof Nothing) {
        return decision;
      }
      model.apply(decision);
      if (decision instanceof Perform perform && perform.step().kind().equals(kind)) {
        return decision;
      }
    }
    throw new AssertionError(kind + " was not decided: " + model.decide());
  }

  private void abandons(String why) {
    Decision decision = model.decide();
    assertThat(decision)
        .isInstanceOfSatisfying(
            Remember.class,
            remember -> {
              assertThat(remember.reason()).contains("is abandoned").contains(why);
              assertThat(remember.memory().intent()).isEmpty();
            });
    model.apply(decision);
  }

  private void writesAreBackOnA() {
    assertThat(until("nothing")).isInstanceOf(WaitFor.class);
    assertThat(model.open()).extracting(server -> server.name).containsExactly("a");
    assertThat(model.memory.source()).contains("a");
    assertThat(model.server("b").source).isEqualTo("a");
    waitsFor("another attempt to make b the source; the last was abandoned");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpl_async", "rpl_semi_sync"})
  void goesStepByStepAndLosesNothing(String mode) {
    wished(mode);
    model.server("a").has(gtids("a", 1, 12));
    var steps = new ArrayList<String>();
    for (Decision next = model.decide(); !(next instanceof Nothing); next = model.decide()) {
      model.apply(next);
      model.replicate();
      steps.add(
          next instanceof Perform perform
              ? perform.step().kind() + " " + perform.step().node()
              : "remember " + model.memory.source().orElseThrow());
    }

    assertThat(steps)
        .containsSubsequence(
            "remember a",
            "set-read-only a",
            "stop-replication b",
            "remember b",
            "forget-source b",
            "open-for-writes b",
            "follow a",
            "follow c");
    assertThat(model.memory.source()).contains("b");
    assertThat(model.memory.intent()).isEmpty();
    assertThat(model.memory.epoch()).isGreaterThan(1);
    assertThat(model.server("b").executed).isEqualTo(gtids("a", 1, 12));
    assertThat(model.server("b").waits).isEqualTo(mode.equals("rpl_semi_sync"));
    assertThat(model.server("a").waits).isFalse();
    assertThat(model.open()).extracting(server -> server.name).containsExactly("b");
  }

  @Test
  void beginsOnlyWithACandidateThatFollowsClosely() {
    model.server("b").lag = 6;
    waitsFor("b can take over from the source a: it is more than 5 seconds behind");
    model.server("b").lag = 0;
    model.server("b").plugins = false;
    waitsFor("it lacks the semi-synchronous plugins");
    model.server("b").plugins = true;
    model.server("b").applierError = new Channel.Error(1062, "duplicate", 1);
    waitsFor("b can't apply what it received (error 1062)");
    model.server("b").reachable = false;
    waitsFor("it can't be reached");

    assertThat(model.open()).extracting(server -> server.name).containsExactly("a");
    assertThat(model.memory.intent()).isEmpty();
  }

  @Test
  void waitsForEveryTransactionOfTheClosedSource() {
    until(Steps.CLOSE);
    model.server("a").has(gtids("a", 1, 14));

    waitsFor("b has every transaction of a; it lacks " + Model.uuid("a") + ":10-14");

    model.replicate();
    assertThat(until(Steps.OPEN)).isInstanceOf(Perform.class);
  }

  @Test
  void isAbandonedAtTheDeadlineAndNotTriedAgainAtOnce() {
    until(Steps.CLOSE);
    model.server("a").has(gtids("a", 1, 14));
    model.now = model.now.plus(Switchover.LIMIT);

    abandons("it was not done within 20 s: b lacks " + Model.uuid("a") + ":10-14");
    writesAreBackOnA();

    model.replicate();
    model.now = model.now.plus(Switchover.RETRY);
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.memory.source()).contains("b");
    assertThat(model.memory.facts()).containsOnlyKeys("sourceUuid", "wish");
  }

  @ParameterizedTest
  @ValueSource(strings = {Steps.CLOSE, Steps.STOP})
  void isAbandonedWhenTheCandidateIsLost(String after) {
    until(after);
    model.server("b").reachable = false;

    abandons("b can't be reached");
    assertThat(until(Steps.OPEN)).isInstanceOf(Perform.class);
    assertThat(model.open()).extracting(server -> server.name).containsExactly("a");
    model.server("b").reachable = true;
    writesAreBackOnA();
  }

  @ParameterizedTest
  @ValueSource(strings = {Steps.CLOSE, Steps.STOP})
  void isAbandonedWhenTheWishIsWithdrawn(String after) {
    until(after);
    model.spec = spec("rpl_semi_sync");

    abandons("the spec wants another source");
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.open()).extracting(server -> server.name).containsExactly("a");
    assertThat(model.memory.facts()).containsOnlyKeys("sourceUuid", "wish");
  }

  @Test
  void isAbandonedWhenTheCandidateCanNotApply() {
    until(Steps.CLOSE);
    model.server("b").applierError = new Channel.Error(1062, "duplicate", 1);

    abandons("b can't apply what it received (error 1062)");
  }

  @Test
  void isAbandonedWhenSomebodyElseOpensTheCandidate() {
    until(Steps.CLOSE);
    model.server("b").opened();

    abandons("b was made writable by somebody else");
  }

  @Test
  void promotesNobodyWhileTheOldSourceIsSilent() {
    until(Steps.CLOSE);
    model.server("a").reachable = false;

    waitsFor("a, the source until now, can be reached");
    assertThat(model.open()).isEmpty();
  }

  @Test
  void goesOnWhenTheOldSourceIsLostAfterTheNewOneIsRemembered() {
    until(Steps.STOP);
    model.apply(model.decide());
    assertThat(model.memory.source()).contains("b");
    model.server("a").reachable = false;
    model.now = model.now.plusSeconds(3600);

    assertThat(model.settle(ROUNDS)).isInstanceOf(WaitFor.class);
    assertThat(model.open()).extracting(server -> server.name).containsExactly("b");
    assertThat(model.server("c").source).isEqualTo("b");
  }

  @Test
  void aNewSourceThatIsLostBeforeItIsOpenKeepsItsPlace() {
    until(Steps.STOP);
    model.apply(model.decide());
    model.server("b").reachable = false;

    waitsFor("the source b can be reached");
    assertThat(model.open()).isEmpty();
  }

  @Test
  void closesAnOldSourceThatSomebodyOpensAfterThePromotion() {
    until(Steps.OPEN);
    model.server("a").opened();

    assertThat(model.decide())
        .isInstanceOfSatisfying(
            Perform.class,
            perform -> {
              assertThat(perform.step().kind()).isEqualTo(Steps.CLOSE);
              assertThat(perform.step().node()).isEqualTo("a");
            });
  }

  @Test
  void nothingFailsBackByItself() {
    model.memory =
        new Memory(
            3,
            Optional.of("a"),
            Optional.empty(),
            Map.of("sourceUuid", Model.uuid("a"), "wish", "b"));

    waitsFor("the source is b; it is a");

    model.spec = spec("rpl_semi_sync");
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    model.spec = preferring("b", model.spec);
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    assertThat(model.memory.source()).contains("b");
  }

  @Test
  void goesThereAndBack() {
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    long epoch = model.memory.epoch();
    model.spec = spec("rpl_semi_sync");

    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);

    assertThat(model.memory.source()).contains("a");
    assertThat(model.memory.epoch()).isGreaterThan(epoch);
  }

  @Test
  void tellsWhatItIsUntilWhen() {
    model.apply(model.decide());

    Intent intent = model.memory.intent().orElseThrow();
    assertThat(intent.kind()).isEqualTo("switchover");
    assertThat(intent.deadline()).isEqualTo(intent.began().plus(Switchover.LIMIT));
    assertThat(List.of(intent.target(), intent.notes().get("from"))).containsExactly("b", "a");
  }
}
