package io.upm.runtime.unitset;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.UnitConditions;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a UnitSet: its decisions carried out in thought, one after the other, as if each
 * unit that is changed came back. Pure; decides by what the reconciler decides by.
 */
public final class Forecast {
  /** More rounds than any change takes, for each unit. */
  private static final int ROUNDS = 4;

  /** So long ago that nobody waits for it to have lasted. */
  private static final String LONG_AGO = "1970-01-01T00:00:00Z";

  private final Map<String, Unit> units = new TreeMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Set<String> removed = new LinkedHashSet<>();
  private SetView view;

  /**
   * Where it ends.
   *
   * @param problems why the spec can't be carried out; nothing changes then
   * @param standstill why nothing changes though the spec is fine; empty when something may
   * @param units all Units as they are in the end
   * @param changed names of those that get another template, in that order
   * @param removed names of those that go, in that order
   * @param left names of those that are held back
   * @param waitingFor what they wait for; empty when none is
   * @param refusal why a unit isn't removed; empty when nothing is refused
   * @param services Services as they should be
   * @param surplus Services that go
   */
  public record Outcome(
      List<Problem> problems,
      String standstill,
      List<Unit> units,
      List<String> changed,
      List<String> removed,
      List<String> left,
      String waitingFor,
      String refusal,
      List<Service> services,
      List<Service> surplus) {}

  private Forecast(SetView view) {
    this.view = view;
    view.units().forEach(unit -> units.put(unit.getMetadata().getName(), unit));
  }

  /**
   * Carries it out in thought.
   *
   * @param view with the spec as it would be, and everything else as it is
   */
  public static Outcome of(SetView view) {
    return new Forecast(view).run();
  }

  private Outcome run() {
    SetDecision decision = DecideUnitSet.decide(view);
    SetDecision first = decision;
    int rounds = ROUNDS * (view.set().getSpec().units() + units.size() + 1);
    for (int round = 0; round < rounds && carryOut(decision); round++) {
      view = now(decision.handingOver().isPresent());
      decision = DecideUnitSet.decide(view);
    }
    return new Outcome(
        first.problems(),
        first.standstill(),
        List.copyOf(units.values()),
        List.copyOf(changed),
        List.copyOf(removed),
        decision.roll().left(),
        decision.roll().waitingFor(),
        decision.refusal(),
        decision.services(),
        first.surplusServices());
  }

  /** Whether anything changed by it. */
  private boolean carryOut(SetDecision decision) {
    boolean moved = false;
    for (Unit wanted : decision.units()) {
      moved |= apply(wanted);
    }
    if (decision.removed().isPresent()) {
      String name = decision.removed().get().getMetadata().getName();
      units.remove(name);
      removed.add(name);
      moved = true;
    }
    return moved || decision.handingOver().isPresent();
  }

  private boolean apply(Unit wanted) {
    String name = wanted.getMetadata().getName();
    Unit live = units.get(name);
    boolean same =
        live != null
            && Canonical.hash(live.getSpec()).equals(Canonical.hash(wanted.getSpec()))
            && UnitObjects.inputs(live).equals(UnitObjects.inputs(wanted))
            && Objects.equals(live.getMetadata().getLabels(), wanted.getMetadata().getLabels());
    if (same) {
      return false;
    }
    boolean template =
        live != null
            && !Canonical.hash(live.getSpec().template())
                .equals(Canonical.hash(wanted.getSpec().template()));
    if (template) {
      changed.add(name);
    }
    wanted.getMetadata().setGeneration(1L);
    wanted.getMetadata().setUid(live == null ? null : live.getMetadata().getUid());
    wanted.setStatus(wellAgain(live, template, wanted));
    units.put(name, wanted);
    return true;
  }

  /**
   * A unit that only got other parameters or labels is as ready as before; its agent may find that
   * the parameters take a restart.
   */
  private static UnitStatus wellAgain(@Nullable Unit live, boolean anew, Unit wanted) {
    ObjectNode status =
        live != null && live.getStatus() != null
            ? (ObjectNode) Canonical.tree(live.getStatus()).deepCopy()
            : JsonNodeFactory.instance.objectNode();
    status.put("observedGeneration", 1);
    if (live == null || anew) {
      status.put("phase", "Ready").put("processState", "running");
      ArrayNode conditions = status.putArray("conditions");
      for (String type : List.of(UnitConditions.READY, UnitConditions.UPDATED)) {
        condition(conditions, type, "True", "Forecast");
      }
    }
    if (live != null && !anew && !parameters(live).equals(parameters(wanted))) {
      ArrayNode conditions = status.withArray("conditions");
      for (int at = conditions.size() - 1; at >= 0; at--) {
        if (conditions.get(at).path("type").asText().equals(UnitConditions.CONFIG_APPLIED)) {
          conditions.remove(at);
        }
      }
      condition(conditions, UnitConditions.CONFIG_APPLIED, "False", UnitConditions.RESTART_NEEDED);
    }
    return Serialization.unmarshal(status.toString(), UnitStatus.class);
  }

  private static String parameters(Unit unit) {
    return Canonical.hash(unit.getSpec().parameters());
  }

  private static void condition(ArrayNode conditions, String type, String status, String reason) {
    conditions
        .addObject()
        .put("type", type)
        .put("status", status)
        .put("reason", reason)
        .put("message", "")
        .put("lastTransitionTime", LONG_AGO);
  }

  /** Replicas that came back catch up, and whoever is to take over has done so. */
  private static SetView.Topology wellAgain(SetView.Topology topology, boolean handedOver) {
    String successor = topology.successor().orElse("");
    return new SetView.Topology(
        topology
            .state()
            .map(state -> new TopologyState(true, "", handedOver ? successor : state.source())),
        topology.successor().filter(name -> !handedOver),
        topology.warmingUp());
  }

  private SetView now(boolean handedOver) {
    return new SetView(
        view.set(),
        view.engines(),
        new ArrayList<>(units.values()),
        view.services(),
        view.addOns(),
        view.references(),
        wellAgain(view.topology(), handedOver),
        view.now());
  }
}
