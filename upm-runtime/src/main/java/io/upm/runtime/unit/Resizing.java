package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.upm.host.document.InstanceDocument;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.Names;
import io.upm.runtime.unit.DecidePod.Verdict;
import io.upm.runtime.unit.PodResources.Progress;
import io.upm.runtime.unit.UnitDecision.Awaited;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.spi.engine.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Gives a running Pod other resources, and its engine the configuration for them. Pure. The rules:
 *
 * <ol>
 *   <li>That it is under way stands on the Pod before anything changes, so that a spec that is
 *       reverted meanwhile leads back.
 *   <li>What can't be changed in place, what Kubernetes refuses, and what the node has no room for
 *       in time is done by replacing the Pod.
 *   <li>When the container has another limit of memory, its engine gets a configuration for that,
 *       and is restarted when only that puts it in force. Then the resize is done.
 * </ol>
 */
final class Resizing {
  /** How long a resize may wait for room on its node. */
  static final Duration DEFERRAL = Duration.ofMinutes(2);

  private static final String UNDER_WAY = "resizing:";

  private final UnitView view;
  private final UnitSubject subject;
  private final Pod live;
  private final Pod next;
  private final String engine;
  private final String hash;
  private final ResourceRequirements wanted;
  private final ResourceRequirements before;

  /**
   * @param next the Pod that is made when this one can't be resized
   */
  Resizing(UnitView view, UnitSubject subject, Pod live, Pod next) {
    this.view = view;
    this.subject = subject;
    this.live = live;
    this.next = next;
    this.engine = subject.container().type();
    this.hash = PodObjects.templateHash(view.unit());
    this.wanted = PodResources.effective(subject.container().container().getResources());
    this.before = PodObjects.resources(DecidePod.annotation(live, Names.ANNOTATION_RESOURCES));
  }

  Verdict decide() {
    Optional<String> obstacle =
        refused().or(() -> PodResources.obstacle(live, engine, before, wanted));
    if (obstacle.isPresent()) {
      return replace(obstacle.get());
    }
    return switch (PodResources.progress(live, engine, wanted)) {
      case Progress.Due due -> resize(Optional.of(PodResources.patch(live, engine, wanted)));
      case Progress.Impossible never -> replace(never.why());
      case Progress.Deferred deferred -> deferred(deferred);
      case Progress.Awaited awaited -> await(Awaited.of(awaited.what()));
      case Progress.Done done -> configure();
    };
  }

  /** What Kubernetes said when it refused these very resources. */
  private Optional<String> refused() {
    String text = DecidePod.annotation(live, Names.ANNOTATION_RESIZE_REFUSED);
    return text.startsWith(hash)
        ? Optional.of(text.substring(hash.length()).strip())
        : Optional.empty();
  }

  private Verdict replace(String why) {
    return Verdict.of(
        new PodStep.Delete(
            live,
            "its resources change, which can't be done in place: " + why,
            false,
            Optional.of(next)));
  }

  private Verdict deferred(Progress.Deferred deferred) {
    Duration left =
        deferred.since().isEmpty()
            ? DEFERRAL
            : Duration.between(view.now(), Instant.parse(deferred.since()).plus(DEFERRAL));
    if (!left.isPositive()) {
      return replace(deferred.why());
    }
    Verdict verdict = await(Awaited.of("the node has no room to resize it: " + deferred.why()));
    return new Verdict(verdict.step(), verdict.awaited(), Optional.of(left), false);
  }

  /** The container has what it should; now the engine. */
  private Verdict configure() {
    boolean sameMemory = PodResources.sameMemory(before, wanted);
    if (sameMemory || !view.unit().getSpec().running()) {
      return done();
    }
    Limits limits = PodResources.limits(live, engine);
    Optional<InstanceDocument> held = Documents.held(view);
    boolean told =
        held.filter(document ->
                document.limits().memoryBytes() == limits.memoryBytes()
                    && document.limits().cpuMillis() == limits.cpuMillis())
            .isPresent();
    Optional<AgentView.Report> report =
        view.agent().filter(AgentView::connected).flatMap(AgentView::report);
    if (!told || report.isEmpty() || report.get().config().revision() < held.get().revision()) {
      return await(Awaited.of("the engine gets a configuration for its new limit of memory"));
    }
    if (!report.get().config().refused().isEmpty()) {
      return await(
          new Awaited(
              "the engine refuses its configuration for the new limit of memory: "
                  + report.get().config().refused(),
              "change spec.parameters or the resources"));
    }
    if (report.get().config().pendingRestart()) {
      Verdict verdict = await(Awaited.of("the engine restarts to use its new limit of memory"));
      return new Verdict(verdict.step(), verdict.awaited(), Optional.empty(), true);
    }
    return done();
  }

  private Verdict done() {
    return Verdict.of(
        new PodStep.Keep(
            live, DecidePod.metadata(view.unit(), subject.container(), live, hash), true));
  }

  private Verdict await(Awaited awaited) {
    return new Verdict(
        new PodStep.Resize(live, underWay(), Optional.empty(), hash),
        Optional.of(awaited),
        Optional.empty(),
        false);
  }

  private Verdict resize(Optional<String> patch) {
    return new Verdict(
        new PodStep.Resize(live, underWay(), patch, hash),
        Optional.of(Awaited.of("Kubernetes resizes the container")),
        Optional.empty(),
        false);
  }

  private Optional<String> underWay() {
    return DecidePod.metadata(view.unit(), subject.container(), live, UNDER_WAY + hash);
  }
}
