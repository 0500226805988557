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
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.kube.PodMetadata;
import io.upm.runtime.unit.UnitDecision.Attachment;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do for a Unit. Pure. The rules:
 *
 * <ol>
 *   <li>A Pod is replaced when the hash of the template differs from the one that it carries, and
 *       for no other reason while it lives.
 *   <li>While a Pod from an older template is there, its agent keeps what belongs to that Pod.
 *   <li>A spec that can't be carried out, or a plugin that is gone, changes nothing about what
 *       runs.
 *   <li>A Pod that ended or was deleted is made again; one that is ending is waited for.
 * </ol>
 */
public final class DecideUnit {
  /** Field manager of Units' children, and of a Pod's labels. */
  static final String FIELD_MANAGER = "upm-unit";

  /** A Pod that ended at once isn't made again at once. */
  static final Duration REPLACE_PAUSE = Duration.ofSeconds(10);

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

  /** Nothing is made or changed; what runs goes on with what it has. */
  private UnitDecision standStill(List<Problem> problems) {
    PodStep step =
        pod()
            .<PodStep>map(pod -> new PodStep.Keep(pod, Optional.empty(), isCurrent(pod)))
            .orElseGet(() ->
                new PodStep.Wait(
                    problems.isEmpty()
                        ? "no Pod is made: no plugin for this engine is installed"
                        : "no Pod is made: the spec can't be carried out"));
    Optional<InstanceDocument> held = held();
    return new UnitDecision(
        problems,
        Optional.empty(),
        List.of(),
        step,
        held.flatMap(document -> attachment(document, step)),
        Optional.empty());
  }

  private UnitDecision goOn(UnitRules.Verdict.Fine fine) {
    PodStep step = podStep(fine.subject());
    boolean older =
        switch (step) {
          case PodStep.Keep keep -> !keep.current();
          case PodStep.Delete delete -> !isCurrent(delete.pod());
          case PodStep.Wait wait -> pod().filter(pod -> !isCurrent(pod)).isPresent();
          case PodStep.Create create -> false;
        };
    Optional<InstanceDocument> held = held();
    InstanceDocument wanted =
        older && held.isPresent()
            ? Documents.forOlderPod(held.get(), fine.document())
            : fine.document();
    InstanceDocument document =
        Documents.revised(wanted, held, atAgent(), view.now().getEpochSecond());
    return new UnitDecision(
        List.of(),
        Optional.of(configMap(document)),
        ClaimObjects.claims(unit, view.children().claims()),
        step,
        attachment(document, step),
        recheck());
  }

  private PodStep podStep(UnitSubject subject) {
    Pod desired = PodObjects.pod(unit, subject.container(), settings(subject));
    if (pod().isEmpty()) {
      return new PodStep.Create(desired);
    }
    Pod live = pod().get();
    if (live.getMetadata().getDeletionTimestamp() != null) {
      return new PodStep.Wait("the Pod is ending");
    }
    if (!Owners.controls(unit, live)) {
      return new PodStep.Wait(
          "a Pod of this name is there that was not made for this Unit: delete it");
    }
    String phase = live.getStatus() == null ? null : live.getStatus().getPhase();
    if ("Failed".equals(phase) || "Succeeded".equals(phase)) {
      return pause(live).isPresent()
          ? new PodStep.Wait("the Pod ended; another one is made shortly")
          : new PodStep.Delete(live, "it ended: " + ending(live));
    }
    boolean current = isCurrent(live);
    if (!current && unit.getSpec().replacesPod()) {
      return new PodStep.Delete(live, "the template changed");
    }
    return new PodStep.Keep(live, metadata(live, subject), current);
  }

  private PodSettings settings(UnitSubject subject) {
    var descriptor = subject.engine().descriptor();
    UnitStatus status = unit.getStatus();
    Optional<String> node =
        status == null || !unit.getSpec().boundToNode()
            ? Optional.empty()
            : Optional.ofNullable(status.nodeName());
    return new PodSettings(
        view.agentImage(),
        descriptor.userId(),
        subject.container().mount(descriptor.dataVolume().name()).orElseThrow(),
        node);
  }

  /** The template's hash stays what the Pod was made from. */
  private Optional<String> metadata(Pod live, UnitSubject subject) {
    Pod desired = new Pod();
    desired.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMeta());
    desired.getMetadata().setLabels(PodObjects.labels(unit));
    desired
        .getMetadata()
        .setAnnotations(PodObjects.annotations(unit, subject.container(), hashOf(live)));
    return PodMetadata.patch(live, desired, FIELD_MANAGER);
  }

  private Optional<Attachment> attachment(InstanceDocument document, PodStep step) {
    if (!(step instanceof PodStep.Keep) && !(step instanceof PodStep.Wait)) {
      return Optional.empty();
    }
    return pod()
        .filter(pod -> Owners.controls(unit, pod))
        .flatMap(DecideUnit::target)
        .map(target ->
            new Attachment(
                target,
                new DesiredAgent(
                    InstanceDocuments.write(document), document.revision(), view.engine())));
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

  private Optional<Duration> recheck() {
    return pod().flatMap(this::pause).or(() -> AgentState.patience(view));
  }

  /** How long to wait before a Pod that ended is made again. */
  private Optional<Duration> pause(Pod pod) {
    String created = pod.getMetadata().getCreationTimestamp();
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    if (created == null || !("Failed".equals(phase) || "Succeeded".equals(phase))) {
      return Optional.empty();
    }
    Duration left = Duration.between(view.now(), Instant.parse(created).plus(REPLACE_PAUSE));
    return left.isPositive() ? Optional.of(left) : Optional.empty();
  }

  private static String ending(Pod pod) {
    String reason = pod.getStatus().getReason();
    String message = pod.getStatus().getMessage();
    return (reason == null ? pod.getStatus().getPhase() : reason)
        + (message == null ? "" : ", " + message);
  }

  private Optional<InstanceDocument> held() {
    return view.children().configMap().flatMap(map -> Documents.read(map.getData()));
  }

  private long atAgent() {
    return view.agent().flatMap(AgentView::report).map(AgentView.Report::revision).orElse(0L);
  }

  private Optional<Pod> pod() {
    return view.children().pod();
  }

  private boolean isCurrent(Pod pod) {
    return PodObjects.templateHash(unit).equals(hashOf(pod));
  }

  private static String hashOf(Pod pod) {
    @Nullable Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(Names.ANNOTATION_TEMPLATE, "");
  }
}
