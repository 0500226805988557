package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.runtime.agent.AgentTarget;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.agent.DesiredAgent;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.unit.UnitDecision.Attachment;
import io.upm.runtime.unit.UnitDecision.Awaited;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.runtime.unit.UnitDecision.RestoreStep;
import io.upm.spi.Problem;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Decides what to do for a Unit. Pure. The rules:
 *
 * <ol>
 *   <li>What becomes of the Pod is for {@link DecidePod}.
 *   <li>While a Pod from an older template is there, its agent keeps what belongs to that Pod.
 *   <li>The engine is configured for what its container has, not for what its template wishes.
 *   <li>A spec that can't be carried out, or a plugin that is gone, changes nothing about what
 *       runs.
 *   <li>In maintenance nothing is changed at all.
 * </ol>
 */
public final class DecideUnit {
  /** Field manager of Units' children, and of a Pod's labels. */
  static final String FIELD_MANAGER = "upm-unit";

  /** Backups don't tell Units of themselves. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final UnitView view;
  private final Unit unit;

  private DecideUnit(UnitView view) {
    this.view = view;
    this.unit = view.unit();
  }

  public static UnitDecision decide(UnitView view) {
    return new DecideUnit(view).decide();
  }

  private UnitDecision decide() {
    if (isMaintained(unit)) {
      return leaveAlone();
    }
    Optional<EngineContainer> container = EngineContainer.of(unit);
    if (container.isEmpty()) {
      return standStill(List.of(UnitRules.noContainer()));
    }
    if (view.engine().isEmpty()) {
      return standStill(List.of());
    }
    return switch (UnitRules.judge(unit, container.get(), view.engine().get(), view.sources())) {
      case UnitRules.Verdict.Wrong wrong -> standStill(wrong.problems());
      case UnitRules.Verdict.Fine fine -> goOn(fine);
    };
  }

  /** Whether the user wants what runs to be left alone. */
  static boolean isMaintained(Unit unit) {
    Map<String, String> annotations = unit.getMetadata().getAnnotations();
    return Boolean.TRUE.equals(unit.getSpec().maintenance())
        || (annotations != null && "true".equals(annotations.get(Names.ANNOTATION_MAINTENANCE)));
  }

  private UnitDecision leaveAlone() {
    var awaited =
        new Awaited(
            "the end of maintenance: nothing is made, changed or replaced",
            "set spec.maintenance to false, and remove the annotation "
                + Names.ANNOTATION_MAINTENANCE);
    return still(List.of(), "no Pod is made: the Unit is in maintenance", Optional.of(awaited));
  }

  /** Nothing is made or changed; what runs goes on with what it has. */
  private UnitDecision standStill(List<Problem> problems) {
    String why =
        problems.isEmpty()
            ? "no Pod is made: no plugin for this engine is installed"
            : "no Pod is made: the spec can't be carried out";
    return still(problems, why, Optional.empty());
  }

  private UnitDecision still(List<Problem> problems, String why, Optional<Awaited> awaited) {
    PodStep step =
        pod()
            .<PodStep>map(
                pod -> new PodStep.Keep(pod, Optional.empty(), DecidePod.isCurrent(unit, pod)))
            .orElseGet(() -> new PodStep.Wait(why));
    Optional<Engine> engine = awaited.isPresent() ? Optional.empty() : view.engine();
    return new UnitDecision(
        problems,
        Optional.empty(),
        List.of(),
        step,
        Documents.held(view)
            .flatMap(document -> attachment(document, step, new Extras(engine, false))),
        Optional.empty(),
        Optional.empty(),
        awaited,
        Optional.empty());
  }

  private UnitDecision goOn(UnitRules.Verdict.Fine fine) {
    DecidePod.Verdict verdict = DecidePod.decide(view, fine.subject());
    Optional<InstanceDocument> held = Documents.held(view);
    InstanceDocument document =
        Documents.revised(
            wanted(fine, verdict.step(), held), held, atAgent(), view.now().getEpochSecond());
    Optional<RestoreStep> restore = RestoreCalls.decide(view, fine.subject().engine());
    return new UnitDecision(
        List.of(),
        Optional.of(configMap(document)),
        ClaimObjects.claims(unit, view.children().claims(), view.place().fixedClaims().keySet()),
        verdict.step(),
        attachment(document, verdict.step(), new Extras(view.engine(), verdict.restart())),
        agentStep(verdict.step()),
        restore,
        verdict.awaited().or(() -> restore.flatMap(RestoreStep::awaited)),
        soonest(
            verdict.recheck().or(() -> AgentState.patience(view)),
            restore.filter(RestoreStep.Lack.class::isInstance).map(lack -> LOOK_AGAIN)));
  }

  private static Optional<Duration> soonest(Optional<Duration> one, Optional<Duration> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }

  private InstanceDocument wanted(
      UnitRules.Verdict.Fine fine, PodStep step, Optional<InstanceDocument> held) {
    boolean older =
        switch (step) {
          case PodStep.Keep keep -> !keep.current();
          case PodStep.Delete delete -> !DecidePod.isCurrent(unit, delete.pod());
          case PodStep.Wait wait ->
              pod().filter(pod -> !DecidePod.isCurrent(unit, pod)).isPresent();
          case PodStep.Resize resize -> false;
          case PodStep.Create create -> false;
        };
    if (older && held.isPresent()) {
      return Documents.forOlderPod(held.get(), fine.document());
    }
    boolean made = !(step instanceof PodStep.Create);
    return pod()
        .filter(pod -> made)
        .map(pod -> PodResources.limits(pod, fine.subject().container().type()))
        .map(limits -> fine.document().withLimits(Documents.bounds(limits)))
        .orElse(fine.document());
  }

  private Optional<AgentStep> agentStep(PodStep step) {
    return step instanceof PodStep.Keep keep
        ? AgentUpgrade.decide(view, keep.pod())
        : Optional.empty();
  }

  /** What an agent gets beside its document. */
  private record Extras(Optional<Engine> engine, boolean restart) {}

  private Optional<Attachment> attachment(InstanceDocument document, PodStep step, Extras extras) {
    if (step instanceof PodStep.Create || step instanceof PodStep.Delete) {
      return Optional.empty();
    }
    return pod()
        .filter(pod -> Owners.controls(unit, pod))
        .flatMap(DecideUnit::target)
        .map(target ->
            new Attachment(
                target,
                new DesiredAgent(
                    InstanceDocuments.write(document),
                    document.revision(),
                    extras.engine(),
                    extras.restart())));
  }

  private static Optional<AgentTarget> target(Pod pod) {
    String address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
    return address == null || address.isEmpty()
        ? Optional.empty()
        : Optional.of(new AgentTarget(address, pod.getMetadata().getUid()));
  }

  private ConfigMap configMap(InstanceDocument document) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(Names.instanceConfigMap(unit.getMetadata().getName()))
        .withNamespace(unit.getMetadata().getNamespace())
        .withLabels(UnitLabels.inherited(unit))
        .withOwnerReferences(Owners.controller(unit))
        .endMetadata()
        .withData(new TreeMap<>(Map.of(Names.KEY_INSTANCE, InstanceDocuments.write(document))))
        .build();
  }

  private long atAgent() {
    return view.agent().flatMap(AgentView::report).map(AgentView.Report::revision).orElse(0L);
  }

  private Optional<Pod> pod() {
    return view.children().pod();
  }
}
