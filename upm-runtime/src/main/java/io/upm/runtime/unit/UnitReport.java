package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.api.UnitStatus.Phase;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.unit.UnitDecision.PodStep;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a Unit. Pure. */
final class UnitReport {
  private final UnitView view;
  private final UnitDecision decision;
  private final Unit unit;
  private final AgentState agentState;
  private final @Nullable UnitStatus last;

  private UnitReport(UnitView view, UnitDecision decision) {
    this.view = view;
    this.decision = decision;
    this.unit = view.unit();
    this.agentState = AgentState.of(view);
    this.last = unit.getStatus();
  }

  /**
   * What is told about a Unit.
   *
   * @param failures what could not be done, one sentence each
   */
  static UnitStatus status(UnitView view, UnitDecision decision, List<String> failures) {
    return new UnitReport(view, decision).status(failures);
  }

  private UnitStatus status(List<String> failures) {
    Long generation = unit.getMetadata().getGeneration();
    List<Condition> conditions =
        Conditions.merge(
            last == null ? null : last.conditions(),
            new UnitConditions(view, decision, agentState).wanted(failures),
            generation,
            view.now());
    FromAgent said = fromAgent();
    return new UnitStatus(
        generation,
        phase(conditions),
        said.process(),
        said.role(),
        said.engineStarts(),
        node(),
        view.place().node().map(NodeState::ready).orElse(null),
        pod().map(pod -> pod.getStatus().getHostIP()).orElse(null),
        addresses(),
        configSync(conditions),
        claims(),
        said.agent(),
        waitingFor(conditions),
        conditions);
  }

  private record FromAgent(
      @Nullable String process,
      @Nullable String role,
      @Nullable Integer engineStarts,
      UnitStatus.@Nullable AgentStatus agent) {}

  /** While the agent is awaited, what it said last still holds. */
  private FromAgent fromAgent() {
    if (agentState == AgentState.AWAITED && last != null) {
      return new FromAgent(last.processState(), last.role(), last.engineStarts(), last.agent());
    }
    Optional<AgentView.Report> report = report();
    return new FromAgent(
        process(report),
        report.map(one -> text(one.health().role())).orElse(null),
        report.map(AgentView.Report::engineStarts).orElse(null),
        report.map(this::agent).orElse(null));
  }

  private Phase phase(List<Condition> conditions) {
    if (pod().isEmpty()) {
      return Phase.PENDING;
    }
    String phase = pod().get().getStatus().getPhase();
    if (phase == null || decision.pod() instanceof PodStep.Delete) {
      return Phase.PENDING;
    }
    return switch (phase) {
      case "Running" -> running(conditions);
      case "Failed" -> Phase.FAILED;
      case "Succeeded" -> Phase.SUCCEEDED;
      case "Unknown" -> Phase.UNKNOWN;
      default -> Phase.PENDING;
    };
  }

  private Phase running(List<Condition> conditions) {
    if (Conditions.isTrue(conditions, UnitConditions.READY)) {
      return Phase.READY;
    }
    boolean heardOnce = view.agent().flatMap(AgentView::report).isPresent();
    return agentState == AgentState.SILENT && heardOnce ? Phase.UNKNOWN : Phase.RUNNING;
  }

  private @Nullable String process(Optional<AgentView.Report> report) {
    if (agentState == AgentState.ABSENT) {
      return null;
    }
    return agentState == AgentState.REPORTING && report.isPresent()
        ? report.get().process().name().toLowerCase(Locale.ROOT)
        : "unknown";
  }

  /** Stays when the Pod is gone, for a Unit that is bound to its node. */
  private @Nullable String node() {
    return pod()
        .map(pod -> pod.getSpec() == null ? null : pod.getSpec().getNodeName())
        .orElse(last == null ? null : last.nodeName());
  }

  private List<UnitStatus.PodAddress> addresses() {
    return pod().map(pod -> pod.getStatus().getPodIPs()).orElse(List.of()).stream()
        .map(PodIP::getIp)
        .map(UnitStatus.PodAddress::new)
        .toList();
  }

  private UnitStatus.ConfigSyncStatus configSync(List<Condition> conditions) {
    Optional<Condition> applied = Conditions.find(conditions, UnitConditions.CONFIG_APPLIED);
    return new UnitStatus.ConfigSyncStatus(
        applied.map(Condition::getStatus).orElse(Conditions.UNKNOWN),
        applied.map(Condition::getLastTransitionTime).orElseGet(() -> time(view.now())));
  }

  /** What was decided to be awaited, else what is lacking to be ready. */
  private UnitStatus.@Nullable WaitingFor waitingFor(List<Condition> conditions) {
    if (decision.awaited().isPresent()) {
      var awaited = decision.awaited().get();
      UnitStatus.WaitingFor before = last == null ? null : last.waitingFor();
      String since =
          before != null && before.predicate().equals(awaited.predicate())
              ? before.since()
              : time(view.now());
      return new UnitStatus.WaitingFor(awaited.predicate(), since, text(awaited.unblock()));
    }
    boolean stopped = !unit.getSpec().running();
    return Conditions.find(conditions, UnitConditions.READY)
        .filter(ready -> !stopped && Conditions.FALSE.equals(ready.getStatus()))
        .map(ready ->
            new UnitStatus.WaitingFor(ready.getMessage(), ready.getLastTransitionTime(), null))
        .orElse(null);
  }

  private static String time(Instant now) {
    return Conditions.time(now);
  }

  private List<UnitStatus.ClaimStatus> claims() {
    return unit.getSpec().volumeClaimTemplates().stream()
        .map(template -> ClaimObjects.name(unit, template))
        .map(name -> claim(name, view.children().claims().get(name)))
        .toList();
  }

  private static UnitStatus.ClaimStatus claim(String name, @Nullable PersistentVolumeClaim live) {
    if (live == null || live.getStatus() == null) {
      return new UnitStatus.ClaimStatus(name, null, List.of(), null, "Pending");
    }
    var capacity = live.getStatus().getCapacity();
    return new UnitStatus.ClaimStatus(
        name,
        live.getSpec().getVolumeName(),
        live.getSpec().getAccessModes(),
        capacity == null || capacity.get("storage") == null
            ? null
            : new UnitStatus.ClaimCapacity(capacity.get("storage")),
        live.getStatus().getPhase());
  }

  private UnitStatus.AgentStatus agent(AgentView.Report report) {
    String image =
        view.children().pod().flatMap(pod -> AgentUpgrade.image(pod, report)).orElse(null);
    return new UnitStatus.AgentStatus(text(report.agentVersion()), image, text(report.plugin()));
  }

  private Optional<AgentView.Report> report() {
    return agentState == AgentState.ABSENT
        ? Optional.empty()
        : view.agent().flatMap(AgentView::report);
  }

  /** A Pod that the API server has given a status. */
  private Optional<Pod> pod() {
    return view.children().pod().filter(pod -> pod.getStatus() != null);
  }

  private static @Nullable String text(String value) {
    return value.isEmpty() ? null : value;
  }
}
