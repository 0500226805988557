package io.upm.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.host.plugin.PluginKey;
import io.upm.runtime.engine.ServingRule.Named;
import io.upm.runtime.engine.ServingRule.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServingRuleTest {
  private static PluginKey key(String version, int build) {
    return new PluginKey("toy", version, "%064x".formatted(build));
  }

  @Test
  void newestBuiltInVersionComesFirst() {
    Order order = ServingRule.order(List.of(key("1.9.0", 1), key("1.10.0", 2)), Optional.empty());

    assertThat(order.serve()).containsExactly(key("1.10.0", 2), key("1.9.0", 1));
    assertThat(order.ask()).isEqualTo(order.serve());
  }

  @Test
  void whatIsNamedComesBeforeANewerBuiltInVersion() {
    PluginKey old = key("1.0.0", 1);
    Order order =
        ServingRule.order(
            List.of(key("2.0.0", 2)), Optional.of(new Named(Optional.of(old), List.of(old))));

    assertThat(order.serve()).containsExactly(old);
    assertThat(order.ask()).containsExactly(key("2.0.0", 2), old);
  }

  @Test
  void nothingTakesThePlaceOfWhatIsNamedAndNotHere() {
    Order order =
        ServingRule.order(
            List.of(key("1.0.0", 1)), Optional.of(new Named(Optional.empty(), List.of())));

    assertThat(order.serve()).isEmpty();
    assertThat(order.ask()).containsExactly(key("1.0.0", 1));
  }

  @Test
  void whoAsksForAVersionGetsTheInstalledBuildOfIt() {
    PluginKey installed = key("1.0.0", 1);
    Order order =
        ServingRule.order(
            List.of(key("1.0.0", 9)),
            Optional.of(new Named(Optional.of(installed), List.of(installed))));

    assertThat(order.ask()).containsExactly(installed, key("1.0.0", 9));
  }

  static IntStream seeds() {
    return IntStream.range(0, 500);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void holdsForAnyBuilds(int seed) {
    var random = new Random(seed);
    List<PluginKey> builtIn = some(random, 0);
    List<PluginKey> here = some(random, 100);
    Optional<PluginKey> serving =
        here.isEmpty() || random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(here.get(random.nextInt(here.size())));
    Optional<Named> named =
        random.nextBoolean() ? Optional.of(new Named(serving, here)) : Optional.empty();

    Order order = ServingRule.order(builtIn, named);

    var all = new ArrayList<>(builtIn);
    named.ifPresent(one -> all.addAll(one.here()));
    assertThat(order.ask()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(order.serve())
        .containsExactlyInAnyOrderElementsOf(
            named.isPresent() ? serving.stream().toList() : builtIn);
    assertThat(order.ask()).containsAll(order.serve());
    assertThat(majors(order.ask())).isSortedAccordingTo((one, two) -> two - one);
    var shuffled = new ArrayList<>(builtIn);
    java.util.Collections.shuffle(shuffled, random);
    assertThat(ServingRule.order(shuffled, named)).isEqualTo(order);
  }

  private static List<PluginKey> some(Random random, int builds) {
    var keys = new ArrayList<PluginKey>();
    for (int at = 0; at < random.nextInt(6); at++) {
      keys.add(key(random.nextInt(12) + ".0.0", builds + at));
    }
    return keys;
  }

  private static List<Integer> majors(List<PluginKey> keys) {
    return keys.stream()
        .map(one -> Integer.parseInt(one.version().substring(0, one.version().indexOf('.'))))
        .toList();
  }
}
