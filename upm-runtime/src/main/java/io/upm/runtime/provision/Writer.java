package io.upm.runtime.provision;

import java.util.List;
import java.util.Optional;

/**
 * The Unit that takes the writes of a UnitSet. Pure.
 *
 * @param unit its name, if it can be given work now
 * @param awaited what has to come true for that; empty when there is a unit
 */
record Writer(Optional<String> unit, String awaited) {

  /** A Unit of the set. */
  record Candidate(String name, boolean ready) {}

  /**
   * Picks it.
   *
   * @param units all of the set
   * @param source what its topology says, which is empty while none is the source; empty without a
   *     topology
   */
  static Writer pick(String set, List<Candidate> units, Optional<String> source) {
    if (units.isEmpty()) {
      return awaits("UnitSet %s has a Unit".formatted(set));
    }
    if (source.isEmpty() && units.size() > 1) {
      // Each may be a database of its own, and none is more meant than the others.
      return awaits(
          "UnitSet %s has a topology, which says which of its Units takes the writes"
              .formatted(set));
    }
    String wanted = source.orElseGet(() -> units.getFirst().name());
    if (wanted.isEmpty()) {
      return awaits("a Unit of UnitSet %s takes the writes".formatted(set));
    }
    return units.stream()
        .filter(unit -> unit.name().equals(wanted))
        .findFirst()
        .map(unit ->
            unit.ready()
                ? new Writer(Optional.of(unit.name()), "")
                : awaits("Unit %s is ready, which takes the writes".formatted(wanted)))
        .orElseGet(() ->
            awaits(
                "a Unit of UnitSet %s takes the writes, which %s does now".formatted(set, wanted)));
  }

  private static Writer awaits(String what) {
    return new Writer(Optional.empty(), what);
  }
}
