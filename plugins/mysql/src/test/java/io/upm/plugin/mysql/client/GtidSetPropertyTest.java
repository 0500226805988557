package io.upm.plugin.mysql.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Compares with sets that hold every transaction by itself. */
class GtidSetPropertyTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4a6f3b1c-0000-11ee-8000-0242ac120002";
  private static final List<String> ORIGINS = List.of(A + ":", B + ":", A + ":blue:", A + ":_x1:");

  @Property(tries = 2000)
  void isTheSetThatItSays(@ForAll("transactions") Set<String> transactions) {
    GtidSet set = set(transactions);

    assertThat(naive(set)).isEqualTo(transactions);
    assertThat(set.count()).isEqualTo(transactions.size());
    assertThat(GtidSet.parse(set.toString())).isEqualTo(set).hasSameHashCodeAs(set);
    assertThat(GtidSet.parse(set.toString())).hasToString(set.toString());
  }

  @Property(tries = 2000)
  void addsAndSubtractsAsSetsDo(
      @ForAll("transactions") Set<String> one, @ForAll("transactions") Set<String> other) {
    Set<String> sum = new HashSet<>(one);
    sum.addAll(other);
    Set<String> rest = new HashSet<>(one);
    rest.removeAll(other);

    assertThat(naive(set(one).plus(set(other)))).isEqualTo(sum);
    assertThat(naive(set(one).minus(set(other)))).isEqualTo(rest);
    assertThat(set(one).contains(set(other))).isEqualTo(one.containsAll(other));
    assertThat(set(one).equals(set(other))).isEqualTo(one.equals(other));
  }

  @Property(tries = 500)
  void differenceAndRestMakeTheWhole(
      @ForAll("transactions") Set<String> one, @ForAll("transactions") Set<String> other) {
    GtidSet a = set(one);
    GtidSet b = set(other);

    assertThat(a.minus(b).plus(b)).isEqualTo(a.plus(b)).isEqualTo(b.plus(a));
    assertThat(a.plus(b).contains(a)).isTrue();
    assertThat(a.minus(b).minus(a).isEmpty()).isTrue();
  }

  @Provide
  Arbitrary<Set<String>> transactions() {
    Arbitrary<String> one =
        Combinators.combine(Arbitraries.of(ORIGINS), Arbitraries.integers().between(1, 12))
            .as((origin, number) -> origin + number);
    return one.set().ofMaxSize(30);
  }

  private static GtidSet set(Set<String> transactions) {
    return GtidSet.parse(String.join(",", transactions));
  }

  /** Every transaction of our numbers that the set contains, asked one by one. */
  private static Set<String> naive(GtidSet set) {
    return ORIGINS.stream()
        .flatMap(origin -> IntStream.rangeClosed(1, 12).mapToObj(number -> origin + number))
        .filter(transaction -> set.contains(GtidSet.parse(transaction)))
        .collect(Collectors.toSet());
  }
}
