package io.upm.runtime.unit;

import static java.util.function.Predicate.not;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.kube.PodMetadata;
import io.upm.runtime.unit.UnitDecision.Awaited;
import io.upm.runtime.unit.UnitDecision.PodStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do about a Unit's Pod. Pure. The rules:
 *
 * <ol>
 *   <li>A Pod is replaced when the hash of the template differs from the one that it carries, and
 *       for no other reason while it lives. Resources alone are changed while it runs, see {@link
 *       Resizing}.
 *   <li>None is made before its volumes are there, unless they come with it: it could not be
 *       scheduled, and the scheduler waits longer each time that it tries.
 *   <li>A Pod that ended or was deleted is made again; one that is ending is waited for.
 *   <li>A Pod on a lost node is replaced only when it can't write any more, see {@link LostNode}.
 * </ol>
 */
final class DecidePod {
  /** A Pod that ended at once isn't made again at once. */
  private static final Duration STEP = Duration.ofSeconds(10);

  private final UnitView view;
  private final UnitSubject subject;
  private final Unit unit;

  /**
   * What was decided.
   *
   * @param awaited what is waited for
   * @param recheck when to look again though nothing happened
   * @param restart whether the engine is to be restarted if its configuration needs it
   */
  record Verdict(
      PodStep step, Optional<Awaited> awaited, Optional<Duration> recheck, boolean restart) {
    static Verdict of(PodStep step) {
      return new Verdict(step, Optional.empty(), Optional.empty(), false);
    }

    static Verdict await(Awaited awaited) {
      return new Verdict(
          new PodStep.Wait(awaited.sentence()), Optional.of(awaited), Optional.empty(), false);
    }
  }

  private DecidePod(UnitView view, UnitSubject subject) {
    this.view = view;
    this.subject = subject;
    this.unit = view.unit();
  }

  static Verdict decide(UnitView view, UnitSubject subject) {
    return new DecidePod(view, subject).decide();
  }

  private Verdict decide() {
    if (view.children().pod().isEmpty()) {
      return absent();
    }
    Pod live = view.children().pod().get();
    boolean ending = live.getMetadata().getDeletionTimestamp() != null;
    if (!Owners.controls(unit, live)) {
      return Verdict.await(
          ending
              ? Awaited.of("a Pod of this name that was not made for this Unit is ending")
              : new Awaited(
                  "a Pod of this name is there that was not made for this Unit", "delete it"));
    }
    LostNode.Verdict place = LostNode.judge(view, live);
    if (ending) {
      return ending(live, place);
    }
    if (hasEnded(live)) {
      return ended(live);
    }
    return switch (place) {
      case LostNode.Verdict.Replaceable dead -> Verdict.of(PodStep.Delete.dead(live, dead.why()));
      case LostNode.Verdict.Lost lost ->
          new Verdict(
              new PodStep.Keep(live, Optional.empty(), isCurrent(unit, live)),
              Optional.of(lost.awaited()),
              Optional.empty(),
              false);
      case LostNode.Verdict.Fine fine -> living(live);
    };
  }

  private Verdict absent() {
    List<String> unbound = view.place().unboundClaims();
    if (unbound.isEmpty()) {
      return Verdict.of(new PodStep.Create(next()));
    }
    String claim = unbound.getFirst();
    return Verdict.await(
        new Awaited(
            "volume claim %s is bound".formatted(claim),
            "if it stays so: kubectl describe pvc " + claim));
  }

  private static Verdict ending(Pod live, LostNode.Verdict place) {
    return switch (place) {
      case LostNode.Verdict.Replaceable dead -> Verdict.of(PodStep.Delete.dead(live, dead.why()));
      case LostNode.Verdict.Lost lost ->
          Verdict.await(
              new Awaited(
                  "the Pod is ending, and " + lost.awaited().predicate(),
                  lost.awaited().unblock()));
      case LostNode.Verdict.Fine fine -> Verdict.await(Awaited.of("the Pod is ending"));
    };
  }

  private Verdict ended(Pod live) {
    if (!unit.getSpec().replacesEndedPod()) {
      return Verdict.await(
          new Awaited(
              "the Pod ended (%s), and is kept because of spec.failedPodRecoveryPolicy"
                  .formatted(ending(live)),
              "delete it to have another one"));
    }
    Duration left = Duration.between(view.now(), since(live).plus(keptFor()));
    if (!left.isPositive()) {
      return Verdict.of(PodStep.Delete.of(live, "it ended: " + ending(live)));
    }
    Awaited awaited = Awaited.of("the Pod ended; another one is made shortly");
    return new Verdict(
        new PodStep.Wait(awaited.sentence()), Optional.of(awaited), Optional.of(left), false);
  }

  private Duration keptFor() {
    return STEP.multipliedBy(unit.getSpec().endedPodSteps());
  }

  /** When it ended; as far as nobody asked for more patience, when it was made. */
  private Instant since(Pod live) {
    Instant made = Instant.parse(live.getMetadata().getCreationTimestamp());
    return unit.getSpec().endedPodSteps() == 1
        ? made
        : live.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getState() != null)
            .map(status -> status.getState().getTerminated())
            .filter(ended -> ended != null && ended.getFinishedAt() != null)
            .map(ended -> Instant.parse(ended.getFinishedAt()))
            .max(Instant::compareTo)
            .orElse(made);
  }

  private Verdict living(Pod live) {
    Optional<String> strayed = strayed(live);
    if (strayed.isPresent()) {
      return Verdict.of(
          PodStep.Delete.of(
              live,
              "it waits for node %s, which the Unit is not bound to".formatted(strayed.get())));
    }
    if (isCurrent(unit, live)) {
      return Verdict.of(new PodStep.Keep(live, metadata(live, hash(live)), true));
    }
    if (!unit.getSpec().replacesPod()) {
      return new Verdict(
          new PodStep.Keep(live, metadata(live, hash(live)), false),
          Optional.of(
              new Awaited(
                  "the Pod changes when somebody deletes it",
                  "kubectl delete pod " + live.getMetadata().getName())),
          Optional.empty(),
          false);
    }
    boolean resourcesOnly =
        PodObjects.baseHash(unit, subject.container())
            .equals(annotation(live, Names.ANNOTATION_BASE));
    return resourcesOnly
        ? new Resizing(view, subject, live, next()).decide()
        : Verdict.of(new PodStep.Delete(live, "the template changed", false, Optional.of(next())));
  }

  private Pod next() {
    return PodObjects.pod(unit, subject.container(), settings());
  }

  /** The node that a Pod waits for though its Unit is no longer bound to it. */
  private Optional<String> strayed(Pod live) {
    boolean scheduled = live.getSpec() != null && live.getSpec().getNodeName() != null;
    return scheduled
        ? Optional.empty()
        : NodeBinding.node(live).filter(not(node -> settings().node().equals(Optional.of(node))));
  }

  private PodSettings settings() {
    var descriptor = subject.engine().descriptor();
    UnitStatus status = unit.getStatus();
    Optional<String> node =
        status == null || !unit.getSpec().boundToNode()
            ? Optional.empty()
            : Optional.ofNullable(status.nodeName());
    return new PodSettings(
        view.agentImage().reference(),
        descriptor.userId(),
        subject.container().mount(descriptor.dataVolume().name()).orElseThrow(),
        node);
  }

  private Optional<String> metadata(Pod live, String hash) {
    return metadata(unit, subject.container(), live, hash);
  }

  /** The template's hash stays what the Pod was made from, or last resized to. */
  static Optional<String> metadata(Unit unit, EngineContainer engine, Pod live, String hash) {
    Pod desired = new Pod();
    desired.setMetadata(new ObjectMeta());
    desired.getMetadata().setLabels(PodObjects.labels(unit));
    var annotations = PodObjects.annotations(unit, engine, hash);
    for (String kept : PodObjects.MADE_FROM) {
      String value = annotation(live, kept);
      if (value.isEmpty()) {
        annotations.remove(kept);
      } else if (!kept.equals(Names.ANNOTATION_RESOURCES)
          || !hash.equals(PodObjects.templateHash(unit))) {
        annotations.put(kept, value);
      }
    }
    desired.getMetadata().setAnnotations(annotations);
    return PodMetadata.patch(live, desired, DecideUnit.FIELD_MANAGER);
  }

  static boolean isCurrent(Unit unit, Pod pod) {
    return PodObjects.templateHash(unit).equals(hash(pod));
  }

  static String hash(Pod pod) {
    return annotation(pod, Names.ANNOTATION_TEMPLATE);
  }

  static String annotation(Pod pod, String key) {
    @Nullable Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(key, "");
  }

  private static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Failed".equals(phase) || "Succeeded".equals(phase);
  }

  private static String ending(Pod pod) {
    String reason = pod.getStatus().getReason();
    String message = pod.getStatus().getMessage();
    return (reason == null ? pod.getStatus().getPhase() : reason)
        + (message == null ? "" : ", " + message);
  }
}
