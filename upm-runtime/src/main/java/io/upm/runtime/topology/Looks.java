package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.host.plugin.PluginKey;
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

  private Looks() {}

  /** Nothing could be observed, for a reason that lies in the spec, in a Secret, or in time. */
  static Look unobserved(TopologyResource object, Memory memory, String reason, String message) {
    return new Look(
        object.generation(),
        false,
        message,
        Optional.empty(),
        memory,
        Optional.empty(),
        conditions(object, List.of(Wanted.not(TOPOLOGY_READY, reason, message), healthy())));
  }

  /** The plugin failed. */
  static Look faulty(TopologyResource object, Memory memory, PluginKey plugin, String message) {
    String sentence =
        message.contains(plugin.toString()) ? message : "plugin " + plugin + ": " + message;
    return new Look(
        object.generation(),
        false,
        sentence,
        Optional.empty(),
        memory,
        Optional.empty(),
        conditions(
            object,
            List.of(
                Wanted.not(TOPOLOGY_READY, "SyncTopologyFailed", sentence),
                Wanted.is(DEGRADED, "PluginFault", sentence))));
  }

  /**
   * @param unpublished what could not be published
   */
  static Look observed(
      TopologyResource object, Memory memory, Finding finding, List<String> unpublished) {
    TopologyReport report = finding.report();
    boolean published = unpublished.isEmpty();
    var wanted = new ArrayList<Wanted>();
    wanted.add(topologyReady(report, finding.decision()));
    wanted.add(
        Wanted.when(
            published,
            RESOURCE_READY,
            published ? "SyncResourceSucceed" : "SyncResourceFailed",
            published
                ? "Services lead where the nodes' roles were observed"
                : String.join("; ", unpublished)));
    wanted.add(healthy());
    return new Look(
        object.generation(),
        report.ready() && published,
        report.ready() && !published ? String.join("; ", unpublished) : report.message(),
        Optional.of(
            new Observation(
                finding.endpoints(), report, services(object, finding), finding.nodes().unread())),
        memory,
        finding.decision() instanceof Decision.WaitFor awaited
            ? Optional.of(awaited)
            : Optional.empty(),
        conditions(object, wanted, finding.decision()));
  }

  /** Events for a change of conditions; that a new topology is not ready yet is none. */
  static List<Note> transitions(List<Condition> before, List<Condition> after) {
    return Events.transitions(before, after, TOLD).stream()
        .filter(note -> !before.isEmpty() || !note.reason().equals(PENDING))
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

  private static Wanted topologyReady(TopologyReport report, Decision decision) {
    if (report.ready()) {
      return Wanted.is(TOPOLOGY_READY, "SyncTopologySucceed", report.message());
    }
    String reason = decision instanceof Decision.WaitFor ? "SyncTopologyWaiting" : PENDING;
    return Wanted.not(TOPOLOGY_READY, reason, report.message());
  }

  private static Wanted healthy() {
    return Wanted.not(DEGRADED, "AsExpected", "the plugin works");
  }

  private static ServiceNames services(TopologyResource object, Finding finding) {
    return new ServiceNames(
        Children.serviceName(object.name(), Route.READWRITE),
        finding.endpoints().size() > 1
            ? Optional.of(Children.serviceName(object.name(), Route.READONLY))
            : Optional.empty());
  }

  private static List<Wanted> conditions(TopologyResource object, List<Wanted> wanted) {
    return conditions(object, wanted, new Decision.Nothing());
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
