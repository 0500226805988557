package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.UnitConditions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A UnitSet and its children, on which decisions are carried out as Kubernetes would. */
final class SetWorld {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  final AcmeEngine engine = new AcmeEngine();
  final Map<String, Unit> units = new TreeMap<>();
  final Map<String, Service> services = new TreeMap<>();
  final Map<String, GenericKubernetesResource> addOns = new TreeMap<>();
  Set<AddOnKind> addOnKinds = Set.of();
  final Set<String> broken = new TreeSet<>();

  /** Units whose engines refuse the configuration that they are given. */
  final Set<String> refusing = new TreeSet<>();

  Instant now = NOW;
  Map<String, Set<String>> secrets = Map.of("db-secret", Set.of("boss", "replication"));
  Optional<TopologyState> topology = Optional.empty();

  /** What the plugin answers to the question who can take over, and how often it was asked. */
  Optional<String> successor = Optional.empty();

  int asked;

  UnitSet set;
  SetDecision.TopologyStep topologyStep = new SetDecision.TopologyStep.Leave();

  SetWorld(String... changes) {
    set = Manifests.set(changes);
  }

  /** Replaces the spec, as a user does. */
  SetWorld edit(String... changes) {
    var status = set.getStatus();
    set = Manifests.set(changes);
    set.setStatus(status);
    return this;
  }

  SetView view() {
    return new SetView(
        set,
        new SetView.Engines(
            engine.all().stream().map(one -> one.descriptor().engine()).toList(),
            engine.find(set.getSpec().type())),
        List.copyOf(units.values()),
        List.copyOf(services.values()),
        new AddOnDecision.View(addOnKinds, List.copyOf(addOns.values())),
        new SetView.References(secrets, new TreeMap<>(), false),
        new SetView.Topology(topology, false),
        now);
  }

  /** Decides and carries it out; Units stay as they are until {@link #settle}. */
  SetDecision step() {
    SetView view = view();
    SetDecision decision = DecideUnitSet.decide(view);
    if (decision.asksForSuccessor(view)) {
      asked++;
      view = view.withSuccessor(successor);
      decision = DecideUnitSet.decide(view);
    }
    for (Unit unit : decision.units()) {
      apply(unit);
    }
    decision.services().forEach(one -> services.put(one.getMetadata().getName(), one));
    decision.surplusServices().forEach(one -> services.remove(one.getMetadata().getName()));
    decision
        .removed()
        .ifPresent(unit -> unit.getMetadata().setDeletionTimestamp("2026-11-21T12:00:00Z"));
    decision.addOns().wanted().forEach(one -> addOns.put(AddOnDecision.id(one), one));
    decision.addOns().surplus().forEach(one -> addOns.remove(AddOnDecision.id(one)));
    topologyStep = decision.topology();
    set.setStatus(SetReport.status(view, decision, List.of()));
    return decision;
  }

  /** All Units become what their spec says, except the broken ones; those that go are gone. */
  void settle() {
    units.values().removeIf(unit -> unit.getMetadata().getDeletionTimestamp() != null);
    units.values().forEach(unit -> unit.setStatus(status(unit)));
  }

  /** One Unit becomes what its spec says. */
  void settle(int ordinal) {
    unit(ordinal).setStatus(status(unit(ordinal)));
  }

  /** Until nothing is left to do. */
  void run() {
    for (int round = 0; round < 30; round++) {
      step();
      settle();
    }
  }

  Unit unit(int ordinal) {
    return Objects.requireNonNull(units.get("db-" + ordinal));
  }

  Service service(String name) {
    return Objects.requireNonNull(services.get(name));
  }

  List<String> changing() {
    return units.values().stream()
        .filter(unit -> !UnitState.isObserved(unit))
        .map(unit -> unit.getMetadata().getName())
        .toList();
  }

  private void apply(Unit wanted) {
    String name = wanted.getMetadata().getName();
    Unit live = units.get(name);
    long generation = live == null ? 0 : live.getMetadata().getGeneration();
    boolean changed =
        live == null || !Canonical.hash(live.getSpec()).equals(Canonical.hash(wanted.getSpec()));
    wanted.getMetadata().setGeneration(changed ? generation + 1 : generation);
    wanted.setStatus(live == null ? null : live.getStatus());
    units.put(name, wanted);
  }

  private UnitStatus status(Unit unit) {
    boolean ready =
        !broken.contains(unit.getSpec().template().spec().getContainers().getFirst().getImage());
    boolean olderPod = !unit.getSpec().replacesPod() && !podOf(unit).equals(hash(unit));
    String name = unit.getMetadata().getName();
    if (!olderPod && !hash(unit).equals(pods.put(name, hash(unit)))) {
      podsSince.put(name, now);
      startedWith.put(name, buffer(unit));
    }
    Instant since = podsSince.getOrDefault(name, NOW);
    return new UnitStatus(
        unit.getMetadata().getGeneration(),
        ready ? UnitStatus.Phase.READY : UnitStatus.Phase.RUNNING,
        ready ? "running" : "crashed",
        null,
        1,
        "node-a",
        "True",
        "10.0.0.1",
        List.of(),
        null,
        List.of(),
        null,
        null,
        List.of(
            condition(UnitConditions.READY, ready, since),
            condition(UnitConditions.UPDATED, !olderPod, since),
            config(name, buffer(unit).equals(startedWith.get(name)))));
  }

  /** The only parameter that takes a restart. */
  private static String buffer(Unit unit) {
    return String.valueOf(unit.getSpec().parameters().get("buffer"));
  }

  private io.fabric8.kubernetes.api.model.Condition config(String unit, boolean inForce) {
    return new ConditionBuilder()
        .withType(UnitConditions.CONFIG_APPLIED)
        .withStatus(inForce ? "True" : "False")
        .withReason(
            inForce
                ? UnitConditions.APPLIED
                : refusing.contains(unit) ? "Refused" : UnitConditions.RESTART_NEEDED)
        .withLastTransitionTime(now.toString())
        .build();
  }

  private final Map<String, String> pods = new TreeMap<>();
  private final Map<String, Instant> podsSince = new TreeMap<>();
  private final Map<String, String> startedWith = new TreeMap<>();

  private String podOf(Unit unit) {
    return pods.computeIfAbsent(unit.getMetadata().getName(), name -> hash(unit));
  }

  private static String hash(Unit unit) {
    return Canonical.hash(unit.getSpec().template());
  }

  private static io.fabric8.kubernetes.api.model.Condition condition(
      String type, boolean holds, Instant since) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(holds ? "True" : "False")
        .withReason("Test")
        .withMessage(holds ? "fine" : "it crashed")
        .withLastTransitionTime(since.minusSeconds(60).toString())
        .build();
  }

  /** All units say from now on that they need a restart. */
  void forgetWhatUnitsStartedWith() {
    startedWith.clear();
  }

  /** The Pod of a unit is deleted by hand. */
  void deletePod(int ordinal) {
    pods.remove("db-" + ordinal);
  }
}
