package io.upm.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.agent.supervise.Situation.Config;
import io.upm.agent.supervise.Situation.Data;
import io.upm.agent.supervise.Situation.Engine;
import io.upm.agent.supervise.Situation.Given;
import io.upm.agent.supervise.Situation.Wish;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every situation there is, not a sample of them. */
class DecisionTest {
  private static final List<Situation> ALL = all();
  private static final Set<Step> RESTING =
      EnumSet.of(
          Step.AWAIT_DOCUMENT,
          Step.AWAIT_PLUGIN,
          Step.AWAIT_RESTORE,
          Step.PAUSE,
          Step.WATCH,
          Step.REST,
          Step.FINISH);

  @Test
  void engineIsStoppedOnlyWhenThatIsWished() {
    assertThat(ALL)
        .filteredOn(situation -> Decision.next(situation) == Step.STOP)
        .isNotEmpty()
        .allMatch(situation -> situation.wish() != Wish.RUN)
        .allMatch(situation -> situation.engine() == Engine.PRESENT);
  }

  @Test
  void engineIsStoppedForARestartOnlyWithAllThatItTakesToStartIt() {
    assertThat(ALL)
        .filteredOn(situation -> situation.wish() == Wish.RESTART)
        .filteredOn(situation -> Decision.next(situation) == Step.STOP)
        .isNotEmpty()
        .allMatch(situation -> situation.given() == Given.ALL)
        .allMatch(situation ->
            situation.config() == Config.GOOD
                || situation.config() == Config.UNCHECKED
                || situation.config() == Config.LAST_GOOD);
  }

  @Test
  void engineIsEndedOnlyWhenItsPatienceHasRunOut() {
    assertThat(ALL)
        .filteredOn(situation -> Decision.next(situation) == Step.KILL)
        .isNotEmpty()
        .allMatch(situation -> situation.engine() == Engine.OVERDUE);
  }

  @Test
  void nothingIsTouchedWithoutADocumentUnlessTheContainerEnds() {
    assertThat(ALL)
        .filteredOn(situation -> situation.given() == Given.NO_DOCUMENT)
        .filteredOn(situation -> situation.wish() != Wish.END)
        .filteredOn(
            situation -> EnumSet.of(Engine.ABSENT, Engine.PRESENT).contains(situation.engine()))
        .extracting(Decision::next)
        .containsOnly(Step.AWAIT_DOCUMENT, Step.WATCH);
  }

  @Test
  void engineIsStartedOnlyWhenEverythingIsThere() {
    assertThat(ALL)
        .filteredOn(situation -> Decision.next(situation) == Step.START)
        .isNotEmpty()
        .allMatch(situation -> situation.engine() == Engine.ABSENT)
        .allMatch(situation -> situation.wish() == Wish.RUN || situation.wish() == Wish.RESTART)
        .allMatch(situation -> situation.given() == Given.ALL)
        .allMatch(situation -> situation.data() == Data.INITIALIZED)
        .allMatch(situation ->
            situation.config() == Config.GOOD || situation.config() == Config.LAST_GOOD)
        .noneMatch(Situation::pausing);
  }

  @Test
  void volumeIsInitialisedOnlyOnceAndOnlyForAConfigurationThatCanBeRendered() {
    assertThat(ALL)
        .filteredOn(situation -> Decision.next(situation) == Step.INITIALIZE)
        .isNotEmpty()
        .allMatch(situation -> situation.engine() == Engine.ABSENT)
        .allMatch(situation -> situation.wish() == Wish.RUN || situation.wish() == Wish.RESTART)
        .allMatch(situation -> situation.data() == Data.EMPTY)
        .noneMatch(situation -> situation.config() == Config.DUE)
        .noneMatch(situation -> situation.config() == Config.REFUSED);
  }

  @Test
  void aRestoreIsAwaitedWithAConfigurationThatItCanWorkWith() {
    assertThat(ALL)
        .filteredOn(situation -> Decision.next(situation) == Step.AWAIT_RESTORE)
        .isNotEmpty()
        .allMatch(situation -> situation.engine() == Engine.ABSENT)
        .allMatch(situation -> situation.data() == Data.TO_BE_RESTORED)
        .noneMatch(situation -> situation.config() == Config.DUE)
        .noneMatch(situation -> situation.config() == Config.REFUSED);
  }

  @Test
  void agentEndsOnlyWhenToldToAndWithoutAnEngine() {
    assertThat(ALL)
        .filteredOn(situation -> Decision.next(situation) == Step.FINISH)
        .isNotEmpty()
        .allMatch(situation -> situation.wish() == Wish.END)
        .allMatch(situation -> situation.engine() == Engine.ABSENT);
  }

  /** A model of the world in which every step succeeds: whatever comes first, it comes to rest. */
  @Test
  void everySituationComesToRestWhereItShould() {
    for (Situation start : ALL) {
      Situation situation = start;
      Step step = Decision.next(situation);
      int steps = 0;
      for (; !RESTING.contains(step); step = Decision.next(situation)) {
        situation = after(step, situation);
        assertThat(steps++).as("steps from %s", start).isLessThan(12);
      }
      assertThat(step).as("end from %s", start).isIn(expected(situation));
    }
  }

  private static Set<Step> expected(Situation situation) {
    if (situation.wish() == Wish.END) {
      return EnumSet.of(Step.FINISH);
    }
    return switch (situation.given()) {
      case NO_DOCUMENT -> EnumSet.of(Step.AWAIT_DOCUMENT, Step.WATCH);
      case NO_PLUGIN ->
          situation.wish() == Wish.STOPPED
              ? EnumSet.of(Step.REST)
              : EnumSet.of(Step.AWAIT_PLUGIN, Step.WATCH);
      case ALL ->
          situation.wish() == Wish.STOPPED
              ? EnumSet.of(Step.REST)
              : situation.pausing()
                  ? EnumSet.of(Step.PAUSE, Step.WATCH)
                  : situation.data() == Data.TO_BE_RESTORED
                      ? EnumSet.of(Step.AWAIT_RESTORE, Step.WATCH)
                      : EnumSet.of(Step.WATCH);
    };
  }

  private static Situation after(Step step, Situation before) {
    Engine engine =
        switch (step) {
          case START -> Engine.PRESENT;
          case STOP -> Engine.STOPPING;
          case AWAIT_STOP, KILL -> Engine.ABSENT;
          default -> before.engine();
        };
    Config config =
        step != Step.CONFIGURE
            ? before.config()
            : before.data() == Data.INITIALIZED ? Config.GOOD : Config.UNCHECKED;
    // A restart is over when the new process is there.
    Wish wish = step == Step.START && before.wish() == Wish.RESTART ? Wish.RUN : before.wish();
    return new Situation(
        wish,
        before.given(),
        engine,
        config,
        step == Step.INITIALIZE ? Data.INITIALIZED : before.data(),
        before.pausing());
  }

  private static List<Situation> all() {
    var all = new ArrayList<Situation>();
    for (Wish wish : Wish.values()) {
      for (Given given : Given.values()) {
        for (Engine engine : Engine.values()) {
          for (Config config : Config.values()) {
            for (Data data : Data.values()) {
              for (boolean pausing : new boolean[] {false, true}) {
                all.add(new Situation(wish, given, engine, config, data, pausing));
              }
            }
          }
        }
      }
    }
    return all;
  }
}
