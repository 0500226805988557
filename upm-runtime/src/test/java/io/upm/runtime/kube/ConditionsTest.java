package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.kube.Conditions.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Instant THEN = Instant.parse("2026-11-21T11:00:00.123Z");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void keepTheirTimeUntilTheirStatusChanges() {
    List<Condition> old = Conditions.merge(null, List.of(Wanted.not("Ready", "A", "a")), 1L, THEN);
    List<Condition> same = Conditions.merge(old, List.of(Wanted.not("Ready", "B", "b")), 2L, NOW);
    List<Condition> other = Conditions.merge(same, List.of(Wanted.is("Ready", "C", "c")), 2L, NOW);

    assertThat(same.getFirst().getLastTransitionTime()).isEqualTo("2026-11-21T11:00:00Z");
    assertThat(same.getFirst().getMessage()).isEqualTo("b");
    assertThat(other.getFirst().getLastTransitionTime()).isEqualTo("2026-11-21T12:00:00Z");
  }

  @Test
  void thatAreNotWantedAnyMoreGo() {
    List<Condition> old = Conditions.merge(null, List.of(Wanted.is("Old", "A", "a")), 1L, THEN);

    assertThat(Conditions.merge(old, List.of(Wanted.is("New", "A", "a")), 1L, NOW))
        .extracting(Condition::getType)
        .containsExactly("New");
  }

  @Test
  void areToldWhenTheyChange() {
    Set<String> told = Set.of("Ready", "Degraded");
    List<Condition> starting =
        conditions(Wanted.not("Ready", "NoPod", "x"), Wanted.not("Degraded", "Healthy", "x"));
    List<Condition> ready =
        conditions(Wanted.is("Ready", "AllReady", "y"), Wanted.not("Degraded", "Healthy", "x"));
    List<Condition> degraded =
        conditions(Wanted.not("Ready", "Crashed", "z"), Wanted.is("Degraded", "Failed", "q"));
    List<Condition> otherwise =
        conditions(Wanted.not("Ready", "Crashed", "zz"), Wanted.is("Degraded", "Quota", "q"));

    assertThat(Events.transitions(null, starting, told)).isEmpty();
    assertThat(Events.transitions(starting, starting, told)).isEmpty();
    assertThat(Events.transitions(starting, ready, told))
        .containsExactly(new Events.Note(false, "AllReady", "y"));
    assertThat(Events.transitions(ready, degraded, told))
        .containsExactly(
            new Events.Note(true, "Crashed", "z"), new Events.Note(true, "Failed", "q"));
    assertThat(Events.transitions(degraded, otherwise, told))
        .containsExactly(new Events.Note(true, "Quota", "q"));
    assertThat(Events.transitions(null, degraded, told))
        .containsExactly(new Events.Note(true, "Failed", "q"));
  }

  @Test
  void areNotToldOnTheWayToBeingReady() {
    Set<String> told = Set.of("Ready", "ConfigApplied");
    List<Condition> made =
        conditions(
            Wanted.not("Ready", "NoPod", "x"),
            new Wanted("ConfigApplied", Conditions.UNKNOWN, "AgentNotConnected", "x"));
    List<Condition> starting =
        conditions(
            Wanted.not("Ready", "EngineNotReady", "x"),
            Wanted.not("ConfigApplied", "HandingOver", "x"));
    List<Condition> refused =
        conditions(
            Wanted.not("Ready", "EngineNotReady", "x"),
            Wanted.not("ConfigApplied", "Refused", "r"));
    List<Condition> ready =
        conditions(Wanted.is("Ready", "Serving", "s"), Wanted.is("ConfigApplied", "Applied", "a"));

    assertThat(Events.transitions(made, starting, told)).isEmpty();
    assertThat(Events.transitions(made, ready, told))
        .containsExactly(new Events.Note(false, "Serving", "s"));
    assertThat(Events.transitions(starting, refused, told))
        .containsExactly(new Events.Note(true, "Refused", "r"));
    assertThat(Events.transitions(ready, starting, told))
        .containsExactly(
            new Events.Note(true, "EngineNotReady", "x"),
            new Events.Note(true, "HandingOver", "x"));
  }

  private static List<Condition> conditions(Wanted... wanted) {
    return Conditions.merge(null, List.of(wanted), 1L, NOW);
  }
}
