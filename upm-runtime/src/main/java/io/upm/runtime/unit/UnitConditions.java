package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.unit.UnitDecision.Awaited;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.runtime.unit.UnitDecision.RestoreStep;
import io.upm.spi.Problem;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The conditions of a Unit. Pure. */
public final class UnitConditions {
  public static final String READY = "Ready";
  public static final String ENGINE_RUNNING = "EngineRunning";
  public static final String AGENT_CONNECTED = "AgentConnected";
  public static final String PLUGIN_AVAILABLE = "PluginAvailable";
  public static final String CONFIG_APPLIED = "ConfigApplied";
  public static final String CREDENTIALS_APPLIED = "CredentialsApplied";
  public static final String UPDATED = "Updated";
  public static final String VOLUMES_SIZED = "VolumesSized";

  /** There only while it isn't so, or can't be. */
  public static final String AGENT_CURRENT = "AgentCurrent";

  /** Reason of {@link #CONFIG_APPLIED}: all of it is in force. */
  public static final String APPLIED = "Applied";

  /** The same, and somebody has changed something in the engine itself. */
  public static final String DRIFTED = "Drifted";

  /** The engine takes the rest when it starts next. */
  public static final String RESTART_NEEDED = "RestartNeeded";

  /** Of what there may be many, those that a message names. */
  private static final int NAMED = 3;

  private final UnitView view;
  private final UnitDecision decision;
  private final AgentState agent;

  UnitConditions(UnitView view, UnitDecision decision, AgentState agent) {
    this.view = view;
    this.decision = decision;
    this.agent = agent;
  }

  List<Wanted> wanted(List<String> failures) {
    var wanted =
        new ArrayList<Wanted>(
            List.of(
                ready(failures),
                kept(ENGINE_RUNNING, this::engineRunning),
                kept(AGENT_CONNECTED, this::agentConnected),
                pluginAvailable(),
                kept(CONFIG_APPLIED, this::configApplied),
                kept(CREDENTIALS_APPLIED, this::credentialsApplied),
                updated(failures),
                volumesSized()));
    decision.agentStep().map(UnitConditions::agentCurrent).ifPresent(wanted::add);
    return wanted;
  }

  private static Wanted agentCurrent(AgentStep step) {
    String reason =
        switch (step) {
          case AgentStep.Leave leave -> "ChangesWithPod";
          case AgentStep.Install install -> "Due";
          case AgentStep.Await await -> "Changing";
          case AgentStep.Refused refused -> "Refused";
        };
    return Wanted.not(AGENT_CURRENT, reason, step.message());
  }

  private Wanted ready(List<String> failures) {
    if (!decision.problems().isEmpty()) {
      return Wanted.not(READY, "InvalidSpec", sentences(decision.problems()));
    }
    // What serves goes on serving when something beside it is refused.
    if (!failures.isEmpty() && kept().isEmpty()) {
      return Wanted.not(READY, "Failed", String.join(" ", failures));
    }
    if (!view.unit().getSpec().running()) {
      return Wanted.not(READY, "Stopped", "spec.startup is false: set it to true to start");
    }
    return kept(READY, this::serving);
  }

  private Wanted serving() {
    Optional<Pod> pod = view.children().pod();
    if (pod.isEmpty() || decision.pod() instanceof PodStep.Delete) {
      return Wanted.not(READY, "NoPod", waiting("the Pod is being made"));
    }
    if (agent != AgentState.REPORTING) {
      return isNodeLost()
          ? Wanted.not(READY, "NodeNotReady", waiting("its node is not ready"))
          : Wanted.not(READY, "AgentNotConnected", podTrouble(pod.get()));
    }
    AgentView.Report report = view.agent().orElseThrow().report().orElse(null);
    if (decision.restore().flatMap(RestoreStep::awaited).isPresent()) {
      return Wanted.not(READY, "Restoring", waiting("the data are restored"));
    }
    if (report == null || !view.agent().get().ready()) {
      return Wanted.not(READY, "EngineNotReady", why(report));
    }
    return podReady(pod.get())
        ? Wanted.is(READY, "Serving", "the engine serves clients")
        : Wanted.not(READY, "PodNotReady", "the engine serves; the kubelet has not noticed yet");
  }

  private Wanted engineRunning() {
    Optional<AgentView.Report> report = report();
    if (report.isEmpty()) {
      return new Wanted(ENGINE_RUNNING, Conditions.UNKNOWN, "AgentNotConnected", "not known");
    }
    AgentView.Process process = report.get().process();
    return process == AgentView.Process.RUNNING
        ? Wanted.is(ENGINE_RUNNING, "Running", "the engine's process runs")
        : Wanted.not(ENGINE_RUNNING, reason(process), why(report.get()));
  }

  private Wanted agentConnected() {
    return switch (agent) {
      case REPORTING -> Wanted.is(AGENT_CONNECTED, "Reporting", "the agent reports");
      case ABSENT -> Wanted.not(AGENT_CONNECTED, "NoPod", waiting("the Pod has no address yet"));
      case AWAITED ->
          Wanted.not(AGENT_CONNECTED, "Connecting", "waiting for the agent's first report");
      case SILENT -> Wanted.not(AGENT_CONNECTED, "Silent", silence());
    };
  }

  private Wanted pluginAvailable() {
    String type = EngineContainer.of(view.unit()).map(EngineContainer::type).orElse("the engine");
    return view.engine()
        .map(engine ->
            Wanted.is(
                PLUGIN_AVAILABLE,
                "Available",
                "%s@%s serves %s".formatted(engine.plugin().id(), engine.plugin().version(), type)))
        .orElseGet(() ->
            Wanted.not(
                PLUGIN_AVAILABLE,
                "NotInstalled",
                "no plugin serves \"%s\": install one; what runs goes on".formatted(type)));
  }

  private Wanted configApplied() {
    Optional<AgentView.Report> report = report();
    if (report.isEmpty()) {
      return new Wanted(CONFIG_APPLIED, Conditions.UNKNOWN, "AgentNotConnected", "not known");
    }
    if (!report.get().config().refused().isEmpty()) {
      return Wanted.not(
          CONFIG_APPLIED,
          "Refused",
          "the last good configuration is in force: " + report.get().config().refused());
    }
    boolean handedOver =
        decision
            .agent()
            .map(attachment -> attachment.desired().revision() == report.get().revision())
            .orElse(false);
    String missing = missingSources();
    if (!handedOver) {
      return Wanted.not(CONFIG_APPLIED, "HandingOver", "the agent has an older document" + missing);
    }
    if (isUnchecked(report.get())) {
      return Wanted.not(
          CONFIG_APPLIED, "HandingOver", "the agent has yet to bring the configuration in force");
    }
    if (report.get().config().pendingRestart()) {
      return Wanted.not(
          CONFIG_APPLIED,
          RESTART_NEEDED,
          restartFor(report.get().config().restartFor())
              + " of the engine: upm restart unit/"
              + view.unit().getMetadata().getName()
              + ", or its UnitSet for all of its units");
    }
    if (!report.get().config().drift().isEmpty()) {
      return Wanted.not(CONFIG_APPLIED, DRIFTED, named(report.get().config().drift(), "; "));
    }
    return Wanted.is(CONFIG_APPLIED, APPLIED, "the configuration is in force" + missing);
  }

  /**
   * Whether what the agent says of its configuration is about a former document: it takes a
   * document at once, and only then has the engine check what follows from it. For an engine that
   * is to be stopped nothing is checked.
   */
  private boolean isUnchecked(AgentView.Report report) {
    return view.unit().getSpec().running() && report.config().revision() < report.revision();
  }

  private Wanted credentialsApplied() {
    Optional<AgentView.Accounts> accounts = report().map(AgentView.Report::accounts);
    if (accounts.isEmpty()) {
      return new Wanted(CREDENTIALS_APPLIED, Conditions.UNKNOWN, "AgentNotConnected", "not known");
    }
    AgentView.Accounts said = accounts.get();
    if (!said.refused().isEmpty()) {
      return Wanted.not(
          CREDENTIALS_APPLIED, "Refused", "the former passwords are in use: " + said.refused());
    }
    if (!said.awaits().isEmpty()) {
      return Wanted.not(CREDENTIALS_APPLIED, "Changing", said.awaits());
    }
    return said.formerUntil()
        .map(until ->
            Wanted.is(
                CREDENTIALS_APPLIED,
                "Overlapping",
                "the engine takes the passwords of the Secret, and the former ones until "
                    + until.truncatedTo(ChronoUnit.SECONDS)))
        .orElseGet(
            () -> Wanted.is(CREDENTIALS_APPLIED, "Applied", "no change of passwords is under way"));
  }

  private static String restartFor(List<String> parameters) {
    return switch (parameters.size()) {
      case 0 -> "some parameters need a restart";
      case 1 -> parameters.getFirst() + " needs a restart";
      default -> named(parameters, ", ") + " need a restart";
    };
  }

  private static String named(List<String> all, String between) {
    String first = all.stream().limit(NAMED).collect(Collectors.joining(between));
    return all.size() <= NAMED
        ? first
        : "%s%sand %d more".formatted(first, between, all.size() - NAMED);
  }

  private Wanted updated(List<String> failures) {
    if (!failures.isEmpty()) {
      return Wanted.not(UPDATED, "Failed", String.join(" ", failures));
    }
    return switch (decision.pod()) {
      case PodStep.Keep keep when keep.current() -> current(keep.pod());
      case PodStep.Keep keep ->
          Wanted.not(UPDATED, "OlderTemplate", waiting("the Pod is from an older template"));
      case PodStep.Resize resize -> Wanted.not(UPDATED, "Resizing", waiting("it is resized"));
      case PodStep.Create create -> Wanted.not(UPDATED, "Creating", "the Pod is being made");
      case PodStep.Delete delete ->
          Wanted.not(UPDATED, "Replacing", "the Pod is replaced: " + delete.reason());
      case PodStep.Wait wait -> Wanted.not(UPDATED, "Waiting", wait.reason());
    };
  }

  /** What somebody changed by hand is told, and left to him. */
  private static Wanted current(Pod pod) {
    return HandEdits.find(pod, DecideUnit.FIELD_MANAGER)
        .map(edits ->
            Wanted.is(
                UPDATED,
                "ChangedByHand",
                edits + ": delete the Pod to have it as the template says"))
        .orElseGet(() -> Wanted.is(UPDATED, "Current", "the Pod is as the template says"));
  }

  private Wanted volumesSized() {
    Map<String, String> fixed = view.place().fixedClaims();
    if (!fixed.isEmpty()) {
      return Wanted.not(
          VOLUMES_SIZED,
          "NotExpandable",
          fixed.entrySet().stream()
              .map(claim ->
                  "claim %s keeps its size: %s".formatted(claim.getKey(), claim.getValue()))
              .collect(Collectors.joining("; ")));
    }
    return ClaimObjects.lacking(view.unit(), view.children().claims())
        .map(lacking -> Wanted.not(VOLUMES_SIZED, "Growing", lacking))
        .orElseGet(() -> Wanted.is(VOLUMES_SIZED, "Sized", "the volumes hold what is asked for"));
  }

  private boolean isNodeLost() {
    return view.place().node().filter(node -> !node.isReady()).isPresent();
  }

  /** The Pod when it goes on. */
  private Optional<Pod> kept() {
    return switch (decision.pod()) {
      case PodStep.Keep keep -> Optional.of(keep.pod());
      case PodStep.Resize resize -> Optional.of(resize.pod());
      case PodStep.Create create -> Optional.empty();
      case PodStep.Delete delete -> Optional.empty();
      case PodStep.Wait wait -> Optional.empty();
    };
  }

  /** While the agent is awaited, what was known before still holds. */
  private Wanted kept(String type, Supplier<Wanted> fresh) {
    UnitStatus last = view.unit().getStatus();
    boolean awaited =
        agent == AgentState.AWAITED && kept().filter(UnitConditions::podReady).isPresent();
    return awaited && last != null
        ? Conditions.find(last.conditions(), type).map(UnitConditions::again).orElseGet(fresh)
        : fresh.get();
  }

  private static Wanted again(Condition condition) {
    return new Wanted(
        condition.getType(), condition.getStatus(), condition.getReason(), condition.getMessage());
  }

  private String silence() {
    String problem = view.agent().map(AgentView::problem).orElse("");
    return "nothing is heard from the agent"
        + (problem.isEmpty() ? "" : ": " + problem)
        + "; look at the Pod's node and at network policies for port 2214";
  }

  private String waiting(String otherwise) {
    return decision
        .awaited()
        .map(Awaited::sentence)
        .orElseGet(() -> decision.pod() instanceof PodStep.Wait wait ? wait.reason() : otherwise);
  }

  /** Why a Pod doesn't run, as the scheduler or the kubelet says. */
  private String podTrouble(Pod pod) {
    if (pod.getStatus() == null || "Running".equals(pod.getStatus().getPhase())) {
      return agentConnected().message();
    }
    return pod.getStatus().getConditions().stream()
        .filter(condition -> "PodScheduled".equals(condition.getType()))
        .filter(condition -> Conditions.FALSE.equals(condition.getStatus()))
        .map(PodCondition::getMessage)
        .findFirst()
        .or(() -> containerTrouble(pod))
        .orElse("the Pod is starting");
  }

  private static Optional<String> containerTrouble(Pod pod) {
    return Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream())
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getWaiting() != null)
        .map(state -> state.getWaiting())
        .filter(state -> state.getMessage() != null)
        .map(state -> state.getReason() + ": " + state.getMessage())
        .findFirst();
  }

  private static boolean podReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(condition ->
                "Ready".equals(condition.getType())
                    && Conditions.TRUE.equals(condition.getStatus()));
  }

  private static String why(AgentView.@Nullable Report report) {
    if (report == null) {
      return "the agent has not said anything yet";
    }
    if (!report.reason().isEmpty()) {
      return report.reason();
    }
    return report.health().reason().isEmpty()
        ? "the engine is " + reason(report.process()).toLowerCase(Locale.ROOT)
        : report.health().reason();
  }

  private static String reason(AgentView.Process process) {
    // As in AwaitingRestore.
    return Stream.of(process.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private String missingSources() {
    List<String> missing = view.sources().missing();
    return missing.isEmpty()
        ? ""
        : "; there is no ConfigMap %s, which the spec of %s names"
            .formatted(
                missing.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ")),
                view.unit().getMetadata().getName());
  }

  private Optional<AgentView.Report> report() {
    return agent == AgentState.REPORTING
        ? view.agent().flatMap(AgentView::report)
        : Optional.empty();
  }

  private static String sentences(List<Problem> problems) {
    return problems.stream().map(Problem::sentence).collect(Collectors.joining("; "));
  }

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(READY, PLUGIN_AVAILABLE, CONFIG_APPLIED, CREDENTIALS_APPLIED, AGENT_CURRENT);
  }
}
