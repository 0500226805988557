package io.upm.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryRuleTest {
  private static Set<String> chosen(int percent) {
    var rule = new CanaryRule(percent, Map.of());
    return IntStream.range(0, 10_000)
        .mapToObj(i -> new SetRef("team-" + i % 7, "db-" + i))
        .filter(set -> rule.takes(set, Map.of()))
        .map(SetRef::fullName)
        .collect(Collectors.toSet());
  }

  @Test
  void takesAboutThatShareAndMoreOfTheSameForMorePercent() {
    Set<String> before = Set.of();
    for (int percent = 1; percent < 100; percent++) {
      Set<String> now = chosen(percent);
      // Not assertj's own: that one looks through all of them for each.
      assertThat(now.containsAll(before)).as("with %d %%", percent).isTrue();
      assertThat(now.size()).isBetween(percent * 100 - 150, percent * 100 + 150);
      before = now;
    }
    assertThat(chosen(20)).as("the same every time").isEqualTo(chosen(20));
  }

  @Test
  void takesThoseWithAllOfTheLabels() {
    var rule = new CanaryRule(0, Map.of("tier", "test", "team", "a"));
    var set = new SetRef("team", "db");

    assertThat(rule.takes(set, Map.of("tier", "test", "team", "a", "more", "x"))).isTrue();
    assertThat(rule.takes(set, Map.of("tier", "test"))).isFalse();
    assertThat(rule.takes(set, Map.of("tier", "test", "team", "b"))).isFalse();
    assertThat(rule.takes(set, Map.of())).isFalse();
  }
}
