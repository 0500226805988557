package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.UnitLabels;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything that a decision about a UnitSet depends on.
 *
 * @param set the UnitSet
 * @param engines the engines that there are
 * @param units its Units by ordinal
 * @param services its Services
 * @param addOns objects that other products work on
 * @param references what its spec refers to
 * @param topology what is known of its topology object
 * @param now time of the observation
 */
public record SetView(
    UnitSet set,
    Engines engines,
    List<Unit> units,
    List<Service> services,
    AddOnDecision.View addOns,
    References references,
    Topology topology,
    Instant now) {

  /**
   * The engines that there are.
   *
   * @param types what can be given as type
   * @param engine the engine of the UnitSet's type; empty while no plugin brings it
   */
  public record Engines(List<String> types, Optional<Engine> engine) {}

  /**
   * What a spec refers to.
   *
   * @param secrets keys with a value of each Secret that is there, by name
   * @param ports port numbers of the shared configuration by name
   * @param sharedMissing whether the shared configuration is named and not there
   */
  public record References(
      Map<String, Set<String>> secrets, SortedMap<String, Integer> ports, boolean sharedMissing) {}

  /**
   * What is known of a topology object.
   *
   * @param state what it says; empty while there is none, or nobody has looked yet
   * @param successor unit that can take over from the one that takes writes; empty for none, or
   *     while it was not asked for
   * @param warmingUp whether this process began a moment ago and may not have looked yet
   */
  public record Topology(
      Optional<TopologyState> state, Optional<String> successor, boolean warmingUp) {
    /** Of which nobody was asked who can take over. */
    public Topology(Optional<TopologyState> state, boolean warmingUp) {
      this(state, Optional.empty(), warmingUp);
    }
  }

  public SetView {
    units = units.stream().sorted(Comparator.comparing(UnitLabels::ordinal)).toList();
  }

  /** Unit that takes writes; empty when that is not known. */
  String source() {
    return topology.state().map(TopologyState::source).orElse("");
  }

  /** Unit that can take over from it; empty for none. */
  String successor() {
    return topology.successor().orElse("");
  }

  /** The same, when it is known who can take over. */
  SetView withSuccessor(Optional<String> successor) {
    return new SetView(
        set,
        engines,
        units,
        services,
        addOns,
        references,
        new Topology(topology.state(), successor, topology.warmingUp()),
        now);
  }

  /** Whether it isn't known which unit takes writes though there should be one. */
  boolean isBlind() {
    return set.getSpec().topology() != null && topology.state().isEmpty();
  }

  Optional<Unit> unit(int ordinal) {
    return units.stream().filter(unit -> UnitLabels.ordinal(unit) == ordinal).findFirst();
  }
}
