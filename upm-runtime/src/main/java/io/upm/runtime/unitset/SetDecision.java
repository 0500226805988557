package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Unit;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.UnitLabels;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done for a UnitSet.
 *
 * @param problems why its spec can't be carried out; nothing is made or changed then
 * @param standstill why nothing is changed though the spec is fine; empty when something may be
 * @param services Services as they should be
 * @param surplusServices Services that go
 * @param units Units as they should be
 * @param removed the Unit that goes now
 * @param refusal why a unit isn't removed; empty when nothing is refused
 * @param addOns what to do about objects that other products work on
 * @param topology what to do about the topology object
 * @param roll how a changed template is rolled out
 */
public record SetDecision(
    List<Problem> problems,
    String standstill,
    List<Service> services,
    List<Service> surplusServices,
    List<Unit> units,
    Optional<Unit> removed,
    String refusal,
    AddOnDecision addOns,
    TopologyStep topology,
    RollingOrder.Roll roll) {

  static final RollingOrder.Roll NO_ROLL = new RollingOrder.Roll(Set.of(), List.of(), "");

  /** What to do about the topology object. */
  public sealed interface TopologyStep {
    /** Leave it as it is. */
    record Leave() implements TopologyStep {}

    /** Make it or bring it up to date. */
    record Own(io.upm.spi.topology.SetView set) implements TopologyStep {}

    /** Remove it, if this UnitSet made it. */
    record Disown() implements TopologyStep {}
  }

  /** Name of the unit that takes no more writes before it is restarted or removed. */
  Optional<String> handingOver() {
    return topology instanceof TopologyStep.Own own ? own.set().restarting() : Optional.empty();
  }

  /**
   * Whether the unit that takes writes is to change or to go, now or later, so that it matters who
   * can take over from it.
   */
  boolean asksForSuccessor(SetView view) {
    boolean ready = view.topology().state().filter(TopologyState::ready).isPresent();
    if (!ready || !(topology instanceof TopologyStep.Own)) {
      return false;
    }
    return view.units().stream()
        .filter(unit -> unit.getMetadata().getName().equals(view.source()))
        .anyMatch(unit -> changes(unit) || isSurplus(unit, view));
  }

  private boolean changes(Unit unit) {
    return roll.now().contains(UnitLabels.ordinal(unit))
        || roll.left().contains(unit.getMetadata().getName());
  }

  private static boolean isSurplus(Unit unit, SetView view) {
    return UnitLabels.ordinal(unit) >= view.set().getSpec().units();
  }

  /** Nothing is done. */
  static SetDecision nothing(List<Problem> problems, String standstill) {
    return new SetDecision(
        problems,
        standstill,
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        "",
        AddOnDecision.NOTHING,
        new TopologyStep.Leave(),
        NO_ROLL);
  }
}
