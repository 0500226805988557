package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.agent.UnitKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentTurnsTest {
  private final List<UnitKey> nudged = new ArrayList<>();
  private final AgentTurns turns = new AgentTurns(nudged::add);

  @Test
  void oneOfASetAtATime() {
    assertThat(turns.take(set(1), unit(1, 0))).isTrue();
    assertThat(turns.take(set(1), unit(1, 0))).as("it has its turn still").isTrue();
    assertThat(turns.take(set(1), unit(1, 1))).isFalse();
    assertThat(turns.take(set(2), unit(2, 0))).isTrue();

    turns.release(unit(1, 0));

    assertThat(nudged).containsExactly(unit(1, 1));
    assertThat(turns.take(set(1), unit(1, 1))).isTrue();
  }

  @Test
  void aFewInAllAndWhoeverHasNoneAsksAgain() {
    for (int set = 0; set < AgentTurns.MOST; set++) {
      assertThat(turns.take(set(set), unit(set, 0))).isTrue();
    }
    assertThat(turns.take(set(99), unit(99, 0))).isFalse();

    turns.release(unit(50, 0));
    assertThat(nudged).as("it had none").isEmpty();
    turns.release(unit(3, 0));

    assertThat(nudged).containsExactly(unit(99, 0));
    assertThat(turns.take(set(99), unit(99, 0))).isTrue();
  }

  @Test
  void whatHasBegunCountsAfterARestart() {
    turns.hold(set(1), unit(1, 2));

    assertThat(turns.take(set(1), unit(1, 0))).isFalse();
    turns.release(unit(1, 2));
    assertThat(nudged).containsExactly(unit(1, 0));
  }

  private static UnitKey set(int number) {
    return new UnitKey("space", "set-" + number);
  }

  private static UnitKey unit(int set, int ordinal) {
    return new UnitKey("space", "set-%d-%d".formatted(set, ordinal));
  }
}
