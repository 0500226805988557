package io.upm.runtime.unitset;

import io.upm.runtime.api.UpdateStrategySpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which units get a changed template now. Pure. The rules:
 *
 * <ol>
 *   <li>At most {@code maxUnavailable} units are away at a time; a unit that was changed and isn't
 *       ready counts, so the first that does not come back halts everything.
 *   <li>Units that are away anyway come first: changing them costs nothing, and a reverted spec
 *       reaches the broken unit before any that serves.
 *   <li>Then those that take no writes, the highest number first; the one that takes writes is
 *       last, alone, and only when all others serve and have caught up with it. If another can take
 *       over, it does so before; the one that took writes is then like any other.
 *   <li>Units below {@code partition} keep what they have.
 *   <li>When no unit serves, there is nothing to protect: all change at once.
 * </ol>
 */
final class RollingOrder {
  private RollingOrder() {}

  /**
   * A unit, as far as an order needs it.
   *
   * @param outdated whether it has an older template
   * @param serving whether it serves clients now
   * @param settled whether it became ready with the template it has
   */
  record Candidate(String name, int ordinal, boolean outdated, boolean serving, boolean settled) {}

  /**
   * What happens next.
   *
   * @param now ordinals of the units that get the new template
   * @param left names of the units that wait for it
   * @param waitingFor what they wait for; empty when nothing is left
   * @param handingOver name of the unit that takes no more writes by then; empty for none
   */
  record Roll(
      Set<Integer> now, List<String> left, String waitingFor, Optional<String> handingOver) {
    Roll(Set<Integer> now, List<String> left, String waitingFor) {
      this(now, left, waitingFor, Optional.empty());
    }
  }

  /**
   * The unit that takes writes.
   *
   * @param name its name; empty for none
   * @param obstacle why it can't be spared now; empty when it can
   * @param successor unit that can take over from it; empty for none
   */
  record Source(String name, String obstacle, String successor) {}

  /** Decides. */
  static Roll next(List<Candidate> units, UpdateStrategySpec strategy, Source source) {
    List<Candidate> outdated =
        units.stream()
            .filter(Candidate::outdated)
            .filter(unit -> strategy.onDelete() || unit.ordinal() >= strategy.partition())
            .sorted(order(source.name()))
            .toList();
    var now = new TreeSet<Integer>();
    var changing = units.stream().filter(unit -> !unit.outdated() && !unit.settled()).toList();
    long away = units.stream().filter(unit -> !unit.serving()).count();
    if (strategy.onDelete() || (away == units.size() && changing.isEmpty())) {
      outdated.forEach(unit -> now.add(unit.ordinal()));
      return new Roll(now, List.of(), "");
    }
    int free = strategy.maxUnavailable() - changing.size();
    Optional<String> handingOver = Optional.empty();
    for (Candidate unit : outdated) {
      boolean last = unit.serving() && unit.name().equals(source.name());
      boolean spared = outdated.size() == 1 && canSpare(unit, units, source);
      if (free <= 0 || (last && !spared)) {
        break;
      }
      if (last && !source.successor().isEmpty()) {
        handingOver = Optional.of(unit.name());
        break;
      }
      if (!unit.serving()) {
        now.add(unit.ordinal());
        free--;
      } else if (away < strategy.maxUnavailable()) {
        now.add(unit.ordinal());
        free--;
        away++;
      }
    }
    List<String> left =
        outdated.stream()
            .filter(unit -> !now.contains(unit.ordinal()))
            .map(Candidate::name)
            .toList();
    if (left.isEmpty()) {
      return new Roll(now, left, "");
    }
    if (handingOver.isPresent()) {
      return new Roll(now, left, "%s to take over".formatted(source.successor()), handingOver);
    }
    String awaited = waitingFor(units, now);
    return new Roll(now, left, awaited.isEmpty() ? source.obstacle() : awaited);
  }

  private static boolean canSpare(Candidate last, List<Candidate> units, Source source) {
    return source.obstacle().isEmpty()
        && units.stream()
            .filter(unit -> !unit.equals(last))
            .allMatch(unit -> unit.serving() && (unit.outdated() || unit.settled()));
  }

  private static Comparator<Candidate> order(String source) {
    return Comparator.comparing(Candidate::serving)
        .thenComparing(unit -> unit.name().equals(source))
        .thenComparing(Candidate::ordinal, Comparator.reverseOrder());
  }

  private static String waitingFor(List<Candidate> units, Set<Integer> now) {
    var awaited = new ArrayList<Candidate>();
    for (Candidate unit : units) {
      if (now.contains(unit.ordinal())
          || !unit.serving()
          || (!unit.outdated() && !unit.settled())) {
        awaited.add(unit);
      }
    }
    return awaited.stream().map(Candidate::name).collect(Collectors.joining(", "));
  }
}
