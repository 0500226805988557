package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.cli.PlanView.Fate;
import io.upm.runtime.cli.PlanView.FileChange;
import io.upm.runtime.cli.PlanView.UnitPlan;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.unit.AgentImage;
import io.upm.runtime.unit.DecideUnit;
import io.upm.runtime.unit.UnitDecision;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.runtime.unit.UnitLabels;
import io.upm.runtime.unit.UnitView;
import io.upm.runtime.unitset.Forecast;
import io.upm.spi.Problem;
import io.upm.spi.config.Impact;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a changed UnitSet does to its Pods, Services, claims and configuration. Pure: it asks the
 * reconcilers' own decisions.
 */
final class SetForecast {
  /** What comes of it changes no Pod. */
  private static final AgentImage NO_AGENT = new AgentImage("", false);

  /** What ends the name of a parameter in a line of a configuration. */
  private static final Pattern AFTER_NAME = Pattern.compile("[ =:]+");

  private final PlanWorld world;
  private final Forecast.Outcome outcome;
  private final Map<String, Unit> before;

  SetForecast(PlanWorld world) {
    this.world = world;
    this.outcome = Forecast.of(world.view());
    this.before =
        world.view().units().stream()
            .collect(Collectors.toMap(unit -> unit.getMetadata().getName(), unit -> unit));
  }

  List<String> problems() {
    return outcome.problems().stream().map(Problem::sentence).toList();
  }

  List<UnitPlan> units() {
    if (!outcome.problems().isEmpty() || !outcome.standstill().isEmpty()) {
      return List.of();
    }
    List<String> turns = turns();
    var plans = new ArrayList<UnitPlan>();
    Stream.concat(outcome.units().stream(), outcome.removed().stream().map(before::get))
        .sorted(Comparator.comparing(UnitLabels::ordinal))
        .forEach(unit -> plans.add(plan(unit, turns)));
    return plans;
  }

  List<String> notes() {
    var notes = new ArrayList<String>();
    if (!outcome.standstill().isEmpty()) {
      notes.add("nothing is done: " + outcome.standstill());
      return notes;
    }
    if (!outcome.refusal().isEmpty()) {
      notes.add(outcome.refusal());
    }
    Set<String> there =
        world.services().stream()
            .map(service -> service.getMetadata().getName())
            .collect(Collectors.toSet());
    outcome.services().stream()
        .map(SetForecast::name)
        .filter(name -> !there.contains(name))
        .forEach(name -> notes.add("Service %s is made".formatted(name)));
    outcome
        .surplus()
        .forEach(service -> notes.add("Service %s is deleted".formatted(name(service))));
    for (Unit unit : outcome.units()) {
      notes.addAll(claims(unit));
    }
    if (units().stream().anyMatch(this::reconfigured)) {
      notes.add(
          files().stream().anyMatch(this::takesRestart)
              ? "the configuration of units that go on is in force after: upm restart "
                  + world.view().set().getMetadata().getName()
              : "the configuration of units that go on is in force at once");
    }
    return notes;
  }

  /** Configuration files that change, those that change alike together. */
  List<FileChange> files() {
    if (!outcome.problems().isEmpty() || !outcome.standstill().isEmpty()) {
      return List.of();
    }
    var alike = new LinkedHashMap<Map.Entry<String, List<String>>, List<String>>();
    for (Unit unit : outcome.units()) {
      String name = unit.getMetadata().getName();
      Optional<String> old =
          world
              .childrenOf(name)
              .configMap()
              .map(ConfigMap::getData)
              .map(data -> data.get(Names.KEY_INSTANCE));
      Optional<String> fresh = document(unit);
      if (old.isPresent() && fresh.isPresent()) {
        Engine engine = world.view().engines().engine().orElseThrow();
        new ConfigForecast(world.former().orElse(engine), engine, world.renderer())
            .changes(old.get(), fresh.get())
            .forEach((file, lines) ->
                alike
                    .computeIfAbsent(Map.entry(file, lines), change -> new ArrayList<>())
                    .add(name));
      }
    }
    return alike.entrySet().stream()
        .map(entry ->
            new FileChange(entry.getValue(), entry.getKey().getKey(), entry.getKey().getValue()))
        .toList();
  }

  /** Whether a line is changed that isn't a parameter which a running engine takes. */
  private boolean takesRestart(FileChange file) {
    Optional<ParameterCatalog> catalog =
        EngineVersion.tryParse(world.view().set().getSpec().version())
            .flatMap(version ->
                world.view().engines().engine().map(engine -> engine.parameters(version)));
    return file.lines().stream()
        .map(line -> AFTER_NAME.split(line.substring(1).strip(), 2)[0])
        .filter(word -> !word.isEmpty() && !word.startsWith("#"))
        .anyMatch(word ->
            catalog
                .flatMap(known -> known.find(word))
                .filter(parameter -> parameter.impact() == Impact.DYNAMIC)
                .isEmpty());
  }

  /** Whether its engine goes on with other files than those that it was started with. */
  private boolean reconfigured(UnitPlan unit) {
    return (unit.fate() == Fate.KEPT || unit.fate() == Fate.RESIZED)
        && files().stream().anyMatch(file -> file.units().contains(unit.name()));
  }

  /** Those that are made, then those that are replaced, then those that go. */
  private List<String> turns() {
    List<String> made =
        outcome.units().stream()
            .map(unit -> unit.getMetadata().getName())
            .filter(name -> !before.containsKey(name))
            .toList();
    return Stream.of(made, outcome.changed(), outcome.removed()).flatMap(List::stream).toList();
  }

  private UnitPlan plan(Unit unit, List<String> turns) {
    String name = unit.getMetadata().getName();
    Fate fate = fate(unit);
    int turn =
        fate == Fate.KEPT || fate == Fate.HELD_BACK || fate == Fate.RESIZED
            ? 0
            : turns.indexOf(name) + 1;
    return new UnitPlan(name, fate, turn, why(unit, fate));
  }

  private Fate fate(Unit unit) {
    String name = unit.getMetadata().getName();
    if (outcome.removed().contains(name)) {
      return Fate.REMOVED;
    }
    if (!before.containsKey(name)) {
      return Fate.MADE;
    }
    if (outcome.left().contains(name)) {
      return Fate.HELD_BACK;
    }
    PodStep step = decide(unit, world.childrenOf(name)).pod();
    return switch (step) {
      case PodStep.Create create -> Fate.MADE;
      case PodStep.Delete delete -> Fate.REPLACED;
      case PodStep.Wait wait -> Fate.HELD_BACK;
      case PodStep.Resize resize -> Fate.RESIZED;
      case PodStep.Keep keep -> keep.current() ? Fate.KEPT : Fate.HELD_BACK;
    };
  }

  private String why(Unit unit, Fate fate) {
    String name = unit.getMetadata().getName();
    boolean source = name.equals(source());
    return switch (fate) {
      case HELD_BACK ->
          outcome.left().contains(name)
              ? "until these are ready: " + outcome.waitingFor()
              : reason(unit);
      case REPLACED -> source ? "it takes the writes, so it is last" : "";
      case MADE -> before.containsKey(name) ? "it has none" : "";
      case RESIZED, KEPT, REMOVED -> "";
    };
  }

  private String reason(Unit unit) {
    UnitView.Children children = world.childrenOf(unit.getMetadata().getName());
    UnitDecision decision = decide(unit, children);
    return decision
        .awaited()
        .map(UnitDecision.Awaited::sentence)
        .orElseGet(() -> decision.pod() instanceof PodStep.Wait wait ? wait.reason() : "");
  }

  private String source() {
    return world.view().topology().state().map(state -> state.source()).orElse("");
  }

  private UnitDecision decide(Unit unit, UnitView.Children children) {
    return DecideUnit.decide(
        new UnitView(
            unit,
            world.view().engines().engine(),
            UnitView.Sources.NONE,
            children,
            UnitView.Place.NONE,
            Optional.empty(),
            NO_AGENT,
            Optional.empty(),
            world.view().now()));
  }

  /** The instance document once the Pod is as the template says. */
  private Optional<String> document(Unit unit) {
    UnitView.Children now = world.childrenOf(unit.getMetadata().getName());
    var later = new UnitView.Children(Optional.<Pod>empty(), now.configMap(), now.claims());
    return decide(unit, later)
        .configMap()
        .map(ConfigMap::getData)
        .map(data -> data.get(Names.KEY_INSTANCE));
  }

  private List<String> claims(Unit unit) {
    var notes = new ArrayList<String>();
    String name = unit.getMetadata().getName();
    for (PersistentVolumeClaim wanted : decide(unit, world.childrenOf(name)).claims()) {
      PersistentVolumeClaim live = world.claimsOf(name).get(wanted.getMetadata().getName());
      String size = size(wanted);
      if (live == null) {
        notes.add("volume claim %s of %s is made".formatted(wanted.getMetadata().getName(), size));
      } else if (!size.equals(size(live))) {
        notes.add(
            "volume claim %s grows: %s -> %s"
                .formatted(wanted.getMetadata().getName(), size(live), size));
      }
    }
    return notes;
  }

  private static String size(PersistentVolumeClaim claim) {
    Map<String, Quantity> requests = claim.getSpec().getResources().getRequests();
    Quantity size = requests == null ? null : requests.get("storage");
    return size == null ? "" : size.toString();
  }

  private static String name(Service service) {
    return service.getMetadata().getName();
  }
}
