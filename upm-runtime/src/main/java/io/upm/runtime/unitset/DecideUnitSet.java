package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.SecretSpec;
import io.upm.runtime.api.TopologySpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.runtime.unit.UnitLabels;
import io.upm.runtime.unitset.SetDecision.TopologyStep;
import io.upm.runtime.validation.SetSubject;
import io.upm.spi.topology.CredentialRef.SecretKeyRef;
import io.upm.spi.topology.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do for a UnitSet. Pure. The rules:
 *
 * <ol>
 *   <li>A spec that can't be carried out changes nothing, all its problems are told.
 *   <li>A plugin that is gone changes nothing either: the set is orphaned, not broken.
 *   <li>Missing units are made at once; surplus ones go one by one, the highest number first, each
 *       after the one before is gone; a unit that takes writes hands over before, or is not
 *       removed; none is while it is not known which one that is, and none that serves while the
 *       topology of those that stay is not ready.
 *   <li>A changed template is rolled out as {@link RollingOrder} says; all else reaches every unit
 *       at once.
 * </ol>
 */
public final class DecideUnitSet {
  private final SetView view;

  private DecideUnitSet(SetView view) {
    this.view = view;
  }

  public static SetDecision decide(SetView view) {
    return new DecideUnitSet(view).decide();
  }

  private SetDecision decide() {
    if (view.engines().engine().isEmpty() && !view.units().isEmpty()) {
      return SetDecision.nothing(
          List.of(),
          "no plugin serves \"%s\": install one; the units go on as they are"
              .formatted(view.set().getSpec().type()));
    }
    return switch (SetValidation.judge(view.set(), subject(), view.references().ports())) {
      case SetValidation.Verdict.Wrong wrong -> SetDecision.nothing(wrong.problems(), "");
      case SetValidation.Verdict.Fine fine ->
          view.set().getSpec().pause()
              ? SetDecision.nothing(List.of(), "spec.pause is true: set it to false to go on")
              : goOn(fine.plan());
    };
  }

  private SetSubject subject() {
    Map<String, String> annotations = view.set().getMetadata().getAnnotations();
    return new SetSubject(
        view.set().getMetadata().getName(),
        annotations == null ? Map.of() : annotations,
        view.set().getSpec(),
        view.engines().types(),
        view.engines().engine(),
        new SetSubject.Surroundings(Optional.of(view.references().secrets()), sizes(view.units())));
  }

  /** Size of each volume that the units have; they all have the same. */
  private static Map<String, String> sizes(List<Unit> units) {
    var sizes = new TreeMap<String, String>();
    for (Unit unit : units) {
      for (var template : unit.getSpec().volumeClaimTemplates()) {
        var resources = template.spec().getResources();
        if (resources != null
            && resources.getRequests() != null
            && resources.getRequests().containsKey("storage")) {
          sizes.put(template.metadata().name(), resources.getRequests().get("storage").toString());
        }
      }
    }
    return sizes;
  }

  private SetDecision goOn(SetPlan plan) {
    ScaleIn removal = ScaleIn.decide(view, plan);
    int count = removal.count();
    RollingOrder.Roll roll = roll(plan, count);
    List<Unit> units = units(plan, removal, roll);
    List<String> names =
        IntStream.range(0, count).mapToObj(at -> Names.unit(plan.name(), at)).toList();
    List<Service> services = ServiceObjects.services(plan, names);
    return new SetDecision(
        List.of(),
        "",
        services,
        surplus(plan, services),
        units,
        removal.now(),
        removal.refusal(),
        AddOnDecision.decide(plan, names, view.addOns()),
        topology(plan, names, removal.handingOver().or(roll::handingOver)),
        roll);
  }

  private RollingOrder.Roll roll(SetPlan plan, int count) {
    Set<String> restarts = ParameterRestart.due(plan, view.units());
    List<RollingOrder.Candidate> candidates =
        view.units().stream()
            .filter(unit -> UnitLabels.ordinal(unit) < count)
            .map(unit -> candidate(plan, unit, restarts))
            .toList();
    boolean serving = candidates.stream().anyMatch(RollingOrder.Candidate::serving);
    if (view.isBlind() && serving) {
      List<String> outdated =
          candidates.stream()
              .filter(RollingOrder.Candidate::outdated)
              .map(RollingOrder.Candidate::name)
              .toList();
      return new RollingOrder.Roll(Set.of(), outdated, "the state of the topology");
    }
    return RollingOrder.next(
        candidates, UpdateStrategySpec.orDefault(plan.spec().updateStrategy()), source());
  }

  /** Its replicas have to hold what it has acknowledged before it is away. */
  private RollingOrder.Source source() {
    return new RollingOrder.Source(
        view.source(),
        view.topology()
            .state()
            .filter(state -> !state.ready())
            .map(state -> "the topology: " + state.message())
            .orElse(""),
        view.successor());
  }

  private RollingOrder.Candidate candidate(SetPlan plan, Unit unit, Set<String> restarts) {
    String name = unit.getMetadata().getName();
    boolean olderPod = !unit.getSpec().replacesPod() && !UnitState.isUpdated(unit);
    boolean olderTemplate = !plan.inputsHash(name).equals(UnitObjects.inputs(unit));
    return new RollingOrder.Candidate(
        name,
        UnitLabels.ordinal(unit),
        olderTemplate || olderPod || restarts.contains(name),
        UnitState.isReady(unit),
        UnitState.isSettled(unit) && UnitState.hasLasted(unit, plan.spec().minReady(), view.now()));
  }

  private List<Unit> units(SetPlan plan, ScaleIn removal, RollingOrder.Roll roll) {
    var units = new ArrayList<Unit>();
    for (int ordinal = 0; ordinal < removal.count(); ordinal++) {
      Optional<Unit> live = view.unit(ordinal);
      if (live.filter(unit -> unit.getMetadata().getDeletionTimestamp() != null).isEmpty()) {
        units.add(
            UnitObjects.unit(
                plan,
                new UnitObjects.Wish(
                    ordinal,
                    removal.count(),
                    live.orElse(null),
                    roll.now().contains(ordinal),
                    false)));
      }
    }
    removal
        .condemned()
        .filter(unit -> removal.now().isEmpty())
        .ifPresent(unit ->
            units.add(
                UnitObjects.unit(
                    plan,
                    new UnitObjects.Wish(
                        UnitLabels.ordinal(unit), removal.count(), unit, false, true))));
    return units;
  }

  private List<Service> surplus(SetPlan plan, List<Service> wanted) {
    Set<String> names =
        wanted.stream().map(service -> service.getMetadata().getName()).collect(Collectors.toSet());
    return view.services().stream()
        .filter(service -> !names.contains(service.getMetadata().getName()))
        .filter(service -> ServiceObjects.isOurs(plan.name(), service.getMetadata().getName()))
        .filter(service -> service.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private TopologyStep topology(SetPlan plan, List<String> units, Optional<String> handingOver) {
    TopologySpec topology = plan.spec().topology();
    if (topology == null) {
      return view.topology().state().isPresent()
          ? new TopologyStep.Disown()
          : new TopologyStep.Leave();
    }
    int port = plan.ports().stream().filter(one -> one.client()).findFirst().orElseThrow().number();
    String subdomain = Names.headlessService(plan.name());
    SecretSpec secret = plan.spec().secret();
    var wish =
        new io.upm.spi.topology.SetView(
            plan.name(),
            topology.mode(),
            units.stream()
                .map(
                    unit -> new Endpoint(unit, Names.host(unit, subdomain, plan.namespace()), port))
                .toList(),
            secret == null ? "" : secret.name(),
            users(plan),
            topology.serviceType(),
            cipher(secret));
    return new TopologyStep.Own(handingOver.map(wish::withRestarting).orElse(wish));
  }

  private static Optional<SecretKeyRef> cipher(@Nullable SecretSpec secret) {
    return secret == null || secret.cipher() == null
        ? Optional.empty()
        : Optional.of(new SecretKeyRef(secret.cipher().name(), secret.cipher().key()));
  }

  private static Map<String, String> users(SetPlan plan) {
    var users = new LinkedHashMap<String, String>();
    plan.engine()
        .descriptor()
        .accounts()
        .forEach(account ->
            users.put(
                account.purpose(),
                plan.spec().env().stream()
                    .filter(variable -> account.variable().equals(variable.getName()))
                    .map(variable -> variable.getValue())
                    .filter(value -> value != null && !value.isEmpty())
                    .findFirst()
                    .orElse(account.defaultUser())));
    return users;
  }
}
