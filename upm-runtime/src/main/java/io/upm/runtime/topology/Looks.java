package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Events.Note;
import io.upm.runtime.topology.Look.Observation;
import io.upm.runtime.topology.Look.ServiceNames;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport.Route;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What is said of a look, in conditions and Events. Pure. */
final class Looks {
  static final String TOPOLOGY_READY = "TopologyReady";
  static final String RESOURCE_READY = "ResourceReady";
  static final String DEGRADED = "Degraded";
  static final String PAUSED = "Paused";

  /** Conditions whose transitions are worth an Event. */
  private static final Set<String> TOLD = Set.of(TOPOLOGY_READY, RESOURCE_READY, DEGRADED);

  private static final String PENDING = "SyncTopologyPending";
  private static final String WAITING = "SyncTopologyWaiting";
  private static final Set<String> UNDER_WAY = Set.of(PENDING, WAITING);

  private Looks() {}

  /** Nothing could be observed. */
  static Look unobserved(TopologyResource object, Memory memory, Trouble trouble) {
    return new Look(
        object.generation(),
        false,
        trouble.message(),
        Optional.empty(),
        memory,
        Optional.empty(),
        conditions(
            object,
            List.of(notReady(trouble), degraded(Optional.of(trouble))),
            new Decision.Nothing()));
  }

  /**
   * @param unpublished what could not be published
   * @param trouble what came of the step when it was tried last
   */
  static Look observed(
      ObjectLoop.Turn turn, Finding finding, List<String> unpublished, Optional<Trouble> trouble) {
    TopologyResource object = turn.object();
    TopologyReport report = finding.report();
    boolean ready = report.ready() && unpublished.isEmpty() && trouble.isEmpty();
    String obstacle = String.join("; ", unpublished);
    return new Look(
        object.generation(),
        ready,
        trouble
            .map(Trouble::message)
            .orElse(report.ready() && !ready ? obstacle : report.message()),
        Optional.of(
            new Observation(
                finding.endpoints(), report, services(object, finding), finding.nodes().unread())),
        turn.memory(),
        finding.decision() instanceof Decision.WaitFor awaited
            ? Optional.of(awaited)
            : Optional.empty(),
        conditions(
            object,
            List.of(
                trouble.map(Looks::notReady).orElseGet(() -> topologyReady(finding)),
                published(obstacle),
                degraded(trouble)),
            finding.decision()));
  }

  /** Events for a change of conditions; that a new topology is not ready yet is no change. */
  static List<Note> transitions(List<Condition> before, List<Condition> after) {
    return Events.transitions(before, after, TOLD).stream()
        .filter(note -> !before.isEmpty() || !UNDER_WAY.contains(note.reason()))
        .toList();
  }

  /** An Event for a step that was done, or that failed. */
  static Note note(Step step, Optional<String> failure) {
    String reason = camelCase(step.kind());
    return failure
        .map(why -> new Note(true, reason + "Failed", step.node() + ": " + why))
        .orElseGet(() -> new Note(false, reason, step.node() + ": " + step.reason()));
  }

  static Note note(Decision.Remember remember) {
    String kind = remember.memory().intent().map(intent -> camelCase(intent.kind())).orElse("");
    return new Note(false, kind + "Remembered", remember.reason());
  }

  /** {@code set-read-only} as {@code SetReadOnly}. */
  static String camelCase(String words) {
    var text = new StringBuilder();
    for (String word : words.split("[^A-Za-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        text.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
      }
    }
    return text.toString();
  }

  private static Wanted topologyReady(Finding finding) {
    String message = finding.report().message();
    if (finding.report().ready()) {
      return Wanted.is(TOPOLOGY_READY, "SyncTopologySucceed", message);
    }
    boolean waiting = finding.decision() instanceof Decision.WaitFor;
    return Wanted.not(TOPOLOGY_READY, waiting ? WAITING : PENDING, message);
  }

  private static Wanted notReady(Trouble trouble) {
    return Wanted.not(TOPOLOGY_READY, trouble.kind().reason(), trouble.message());
  }

  private static Wanted published(String obstacle) {
    return obstacle.isEmpty()
        ? Wanted.is(
            RESOURCE_READY,
            "SyncResourceSucceed",
            "Services lead where the nodes' roles were observed")
        : Wanted.not(RESOURCE_READY, "SyncResourceFailed", obstacle);
  }

  private static Wanted degraded(Optional<Trouble> trouble) {
    return trouble
        .filter(one -> one.kind() == Trouble.Kind.FAULT)
        .map(one -> Wanted.is(DEGRADED, "PluginFault", one.message()))
        .orElseGet(() -> Wanted.not(DEGRADED, "AsExpected", "the plugin works"));
  }

  private static ServiceNames services(TopologyResource object, Finding finding) {
    return new ServiceNames(
        Children.serviceName(object.name(), Route.READWRITE),
        finding.endpoints().size() > 1
            ? Optional.of(Children.serviceName(object.name(), Route.READONLY))
            : Optional.empty());
  }

  private static List<Wanted> conditions(
      TopologyResource object, List<Wanted> wanted, Decision heldBack) {
    var all = new ArrayList<>(wanted);
    object
        .paused()
        .ifPresent(annotation ->
            all.add(
                Wanted.is(
                    PAUSED,
                    "SkipReconcile",
                    "annotation %s: nothing is done%s".formatted(annotation, next(heldBack)))));
    return all;
  }

  private static String next(Decision heldBack) {
    return switch (heldBack) {
      case Decision.Perform perform ->
          "; next would be: %s: %s".formatted(perform.step().node(), perform.step().reason());
      case Decision.Remember remember -> "; next would be: " + remember.reason();
      case Decision.Nothing nothing -> "";
      case Decision.WaitFor awaited -> "";
    };
  }
}
