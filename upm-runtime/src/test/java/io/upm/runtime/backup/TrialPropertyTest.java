package io.upm.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.backup.TrialDecision.Step;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Trials whose runtime crashes wherever it can, while all kinds of things happen. */
class TrialPropertyTest {
  /** What happens between two looks. */
  enum Event {
    LOOK,
    /** It decides, and ends before it acts. */
    CRASH_BEFORE,
    /** It acts, and ends before it can tell. */
    CRASH_BETWEEN,
    RESTORED,
    NOT_RESTORED,
    SOUND,
    DAMAGED,
    PLUGIN_GOES,
    PLUGIN_COMES,
    SET_DELETED,
    DISCARDED,
    SIX_HOURS,
    COLLECTED
  }

  @Property
  void nothingIsMadeTwiceAndAllIsGoneAtTheEnd(@ForAll @Size(max = 40) List<Event> events) {
    var world = new TrialWorld("verify: {}");
    int deletions = 0;
    for (Event event : events) {
      if (!DecideTrial.concerns(world.backup)) {
        break;
      }
      deletions += event == Event.SET_DELETED && world.set.isPresent() ? 1 : 0;
      happen(world, event);
      assertNotedBeforeItIsMade(world);
    }
    for (int look = 0; look < 20 && DecideTrial.concerns(world.backup); look++) {
      world.check = new TrialWorld("").check;
      world.plugin = true;
      world.collect();
      world.look();
      world.now = world.now.plus(Duration.ofHours(7));
    }

    assertThat(DecideTrial.concerns(world.backup)).isFalse();
    assertThat(world.set).isEmpty();
    assertThat(world.claims).isEmpty();
    assertThat(Collections.frequency(world.made, "set")).isLessThanOrEqualTo(1 + deletions);
    assertThat(Collections.frequency(world.made, "check")).isLessThanOrEqualTo(1);
    TrialStatus trial = world.trial();
    if (trial != null && trial.phase() == TrialStatus.Phase.SUCCEEDED) {
      assertThat(trial.restoreSeconds()).isNotNull();
      assertThat(trial.checked()).isNotEmpty();
    }
  }

  private static void happen(TrialWorld world, Event event) {
    switch (event) {
      case LOOK -> world.look();
      case CRASH_BEFORE -> world.decide();
      case CRASH_BETWEEN -> world.act(world.decide());
      case RESTORED -> restored(world, GrpcCallStatus.Phase.SUCCEEDED);
      case NOT_RESTORED -> restored(world, GrpcCallStatus.Phase.FAILED);
      case SOUND -> world.check(GrpcCallStatus.Phase.SUCCEEDED);
      case DAMAGED -> world.check(GrpcCallStatus.Phase.FAILED);
      case PLUGIN_GOES -> {
        world.plugin = false;
        world.check = Optional.empty();
      }
      case PLUGIN_COMES -> {
        world.plugin = true;
        world.check = new TrialWorld("").check;
      }
      case SET_DELETED -> world.set = Optional.empty();
      case DISCARDED -> world.backup.setSpec(world.backup.getSpec().toDiscard());
      case SIX_HOURS -> world.now = world.now.plus(Duration.ofHours(6));
      case COLLECTED -> world.collect();
    }
  }

  private static void restored(TrialWorld world, GrpcCallStatus.Phase phase) {
    if (world.set.isPresent() && world.restored.isEmpty()) {
      world.restore(phase);
    }
  }

  /** Whatever is there, the status says that it may be. */
  private static void assertNotedBeforeItIsMade(TrialWorld world) {
    if (world.set.isPresent()) {
      assertThat(Objects.requireNonNull(world.trial()).begun()).isTrue();
    }
    if (DecideTrial.concerns(world.backup) && world.decide().step() == Step.REMOVE_SET) {
      assertThat(Objects.requireNonNull(world.trial()).phase())
          .isEqualTo(TrialStatus.Phase.REMOVING);
    }
  }
}
