package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Attempts;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.runtime.unit.UnitDecision.RestoreStep;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what was decided for a Unit. The only place that writes; each write is idempotent. */
final class UnitActor {
  private static final Logger LOG = LoggerFactory.getLogger(UnitActor.class);
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  /** What another try won't change: what is asked for is refused, or nobody serves it. */
  private static final Set<Integer> FINAL = Set.of(400, 403, 404, 405, 422);

  private final KubernetesClient client;
  private final Applier applier;
  private final Agents agents;
  private final AgentCertificates certificates;
  private final PodPatches patches;
  private final AgentTurns turns;

  /**
   * @param turns whose agent is changed
   */
  UnitActor(
      KubernetesClient client, Agents agents, CertificateAuthority authority, AgentTurns turns) {
    this.turns = turns;
    this.client = client;
    this.applier = new Applier(client, DecideUnit.FIELD_MANAGER);
    this.agents = agents;
    this.certificates = new AgentCertificates(client, applier, authority);
    this.patches = new PodPatches(client);
  }

  /**
   * Acts.
   *
   * @return one sentence for each thing that was refused
   */
  List<String> act(UnitView view, UnitDecision decision) {
    var attempts = new Attempts();
    decision.configMap().ifPresent(desired -> configMap(view, desired, attempts));
    if (decision.configMap().isPresent()) {
      attempts.run(
          "the Secret with the agent's certificate",
          () -> certificates.ensure(view.unit(), view.now(), look(view, decision)));
    }
    for (PersistentVolumeClaim claim : decision.claims()) {
      claim(claim, view.children().claims().get(claim.getMetadata().getName()), attempts);
    }
    pod(decision.pod(), view.now(), attempts);
    decision.restore().ifPresent(step -> attempts.run("the restore", () -> restore(step)));
    var key = key(view.unit());
    decision
        .agent()
        .ifPresentOrElse(
            attachment -> agents.attach(key, attachment.target(), attachment.desired()),
            () -> agents.detach(key));
    return attempts.failures();
  }

  private static AgentCertificates.Look look(UnitView view, UnitDecision decision) {
    if (view.isNew()) {
      return AgentCertificates.Look.LATER;
    }
    return decision.pod() instanceof PodStep.Create
        ? AgentCertificates.Look.NOW
        : AgentCertificates.Look.NOW_AND_THEN;
  }

  /** Forgets a Unit that is gone. */
  void forget(Unit unit) {
    agents.detach(key(unit));
    turns.release(key(unit));
    certificates.forget(key(unit));
    patches.forget(key(unit));
  }

  /**
   * Does what was decided about an agent that is another one than new Pods get.
   *
   * @return one sentence for each thing that was refused
   */
  List<String> changeAgent(Unit unit, UnitDecision decision) {
    var attempts = new Attempts();
    UnitKey key = key(unit);
    UnitKey set = new UnitKey(key.namespace(), UnitLabels.set(unit).orElse(key.name()));
    switch (decision.agentStep().orElse(null)) {
      case AgentStep.Install install -> {
        if (decision.pod() instanceof PodStep.Keep keep && turns.take(set, key)) {
          attempts.run("the other agent", () -> add(keep.pod(), install.container()));
        }
      }
      case AgentStep.Await await -> turns.hold(set, key);
      case AgentStep.Refused refused -> turns.hold(set, key);
      case AgentStep.Leave leave -> turns.release(key);
      case null -> turns.release(key);
    }
    return attempts.failures();
  }

  /** The same container once more is no change. */
  private void add(Pod pod, EphemeralContainer container) {
    LOG.info("another agent comes to Pod {}: {}", name(pod), container.getImage());
    client
        .pods()
        .resource(pod)
        .subresource("ephemeralcontainers")
        .patch(
            PodPatches.context(PatchType.STRATEGIC_MERGE),
            Serialization.asJson(
                Map.of("spec", Map.of("ephemeralContainers", List.of(container)))));
  }

  static UnitKey key(Unit unit) {
    return new UnitKey(unit.getMetadata().getNamespace(), unit.getMetadata().getName());
  }

  /** Nothing is made or deleted while something else that was decided is refused. */
  private void pod(PodStep step, Instant now, Attempts attempts) {
    boolean complete = attempts.failures().isEmpty();
    switch (step) {
      case PodStep.Keep keep ->
          keep.patch().ifPresent(patch -> patches.patch(keep.pod(), patch, now));
      case PodStep.Resize resize -> resize(resize, now);
      case PodStep.Create create -> {
        if (complete) {
          attempts.run("the Pod", () -> create(create.pod()));
        }
      }
      case PodStep.Delete delete -> {
        delete
            .next()
            .ifPresent(next -> attempts.run("the Pod that is to follow", () -> trial(next)));
        if (complete && attempts.failures().isEmpty()) {
          delete(delete);
        }
      }
      case PodStep.Wait wait -> LOG.debug("no change of the Pod: {}", wait.reason());
    }
  }

  private void configMap(UnitView view, ConfigMap desired, Attempts attempts) {
    attempts.run(
        "the ConfigMap \"%s\"".formatted(desired.getMetadata().getName()),
        () -> {
          if (!view.isNew()) {
            applier.applyTo(desired, view.children().configMap());
          } else if (!applier.create(desired)) {
            applier.find(desired);
            // Ours, so the cache soon has it; its revision must be known.
            throw new IllegalStateException(
                "the ConfigMap \"%s\" is there already: looking again"
                    .formatted(desired.getMetadata().getName()));
          }
        });
  }

  private void claim(
      PersistentVolumeClaim desired, @Nullable PersistentVolumeClaim live, Attempts attempts) {
    if (live != null && live.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    attempts.run(
        "the volume claim \"%s\"".formatted(desired.getMetadata().getName()),
        () -> applier.apply(desired, live));
  }

  private void create(Pod pod) {
    LOG.info("making Pod {}", name(pod));
    certificates.used(new UnitKey(pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
    try {
      // Not by server-side apply, which would change a Pod of this name; and the client's own
      // create names no field manager.
      client.raw(path(pod) + "?fieldManager=" + DecideUnit.FIELD_MANAGER, "POST", pod);
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      applier.find(pod).ifPresent(live -> patches.show(live, pod));
    }
  }

  /** Whether Kubernetes would take a Pod, which it is asked under another name. */
  private void trial(Pod next) {
    Pod other =
        new PodBuilder(next)
            .editMetadata()
            .withName(next.getMetadata().getName() + "-next")
            .endMetadata()
            .build();
    try {
      client.raw(
          path(next) + "?dryRun=All&fieldManager=" + DecideUnit.FIELD_MANAGER, "POST", other);
    } catch (KubernetesClientException e) {
      String why = e.getStatus() == null ? null : e.getStatus().getMessage();
      // A quota is used up by the very Pod that goes; a webhook may be unable to answer trials.
      if (why == null || !(why.contains("exceeded quota") || why.contains("support dry run"))) {
        throw e;
      }
    }
  }

  /** Only the very Pod that was looked at: one that changed meanwhile is looked at again. */
  private void delete(PodStep.Delete step) {
    LOG.info("deleting Pod {}: {}", name(step.pod()), step.reason());
    var options =
        new DeleteOptionsBuilder()
            .withGracePeriodSeconds(step.dead() ? 0L : null)
            .withNewPreconditions()
            .withUid(step.pod().getMetadata().getUid())
            .withResourceVersion(step.pod().getMetadata().getResourceVersion())
            .endPreconditions()
            .build();
    try {
      client.raw(path(step.pod()) + "/" + step.pod().getMetadata().getName(), "DELETE", options);
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
        throw e;
      }
    }
  }

  /** What Kubernetes refuses is noted on the Pod, which is replaced then. */
  private void resize(PodStep.Resize step, Instant now) {
    step.metadata().ifPresent(patch -> patches.patch(step.pod(), patch, now));
    if (step.resources().isEmpty()) {
      return;
    }
    LOG.info("resizing Pod {}", name(step.pod()));
    try {
      client
          .pods()
          .resource(step.pod())
          .subresource("resize")
          .patch(PodPatches.context(PatchType.STRATEGIC_MERGE), step.resources().get());
    } catch (KubernetesClientException e) {
      if (!FINAL.contains(e.getCode())) {
        throw e;
      }
      String why = e.getStatus() == null ? null : e.getStatus().getMessage();
      LOG.info("Pod {} can't be resized: {}", name(step.pod()), why);
      var note = JsonNodeFactory.instance.objectNode();
      note.putObject("metadata")
          .putObject("annotations")
          .put(Names.ANNOTATION_RESIZE_REFUSED, step.hash() + " " + why);
      patches.patch(step.pod(), note.toString(), now);
    }
  }

  private void restore(RestoreStep step) {
    switch (step) {
      case RestoreStep.Make make -> {
        LOG.info("making GrpcCall {}", make.call().getMetadata().getName());
        applier.create(make.call());
      }
      case RestoreStep.Cancel cancel -> {
        if (!cancel.call().getSpec().cancelled()) {
          client
              .resource(cancel.call())
              .patch(PodPatches.context(PatchType.JSON_MERGE), "{\"spec\":{\"cancel\":true}}");
        }
      }
      case RestoreStep.Lack lack -> {
        // What it needs isn't there yet.
      }
      case RestoreStep.Await await -> {
        // It goes on, or has to be mended.
      }
    }
  }

  private static String path(Pod pod) {
    return "/api/v1/namespaces/%s/pods".formatted(pod.getMetadata().getNamespace());
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }
}
