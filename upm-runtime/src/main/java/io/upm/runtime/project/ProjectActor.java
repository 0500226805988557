package io.upm.runtime.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.addon.AddOns;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Attempts;
import io.upm.runtime.kube.ForeignObjectException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what was decided for a Project. The only place that writes; each write is idempotent. */
final class ProjectActor {
  /** Field manager of what is made for Projects. */
  static final String FIELD_MANAGER = "upm-project";

  private static final Logger LOG = LoggerFactory.getLogger(ProjectActor.class);
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final Applier applier;
  private final AddOns addOns;
  private final SecureRandom random = new SecureRandom();

  ProjectActor(KubernetesClient client, AddOns addOns) {
    this.client = client;
    this.applier = new Applier(client, FIELD_MANAGER);
    this.addOns = addOns;
  }

  /**
   * Acts.
   *
   * @return one sentence for each thing that was refused
   */
  List<String> act(ProjectView view, ProjectDecision decision) {
    var attempts = new Attempts();
    decision
        .namespace()
        .ifPresent(namespace ->
            attempts.run(
                "namespace \"%s\"".formatted(view.name()),
                () -> applier.apply(namespace, view.namespace().orElse(null))));
    decision
        .account()
        .ifPresent(account ->
            attempts.run(
                "the service account", () -> applier.apply(account, view.account().orElse(null))));
    if (decision.makesKey()) {
      attempts.run("the Secret with the key", () -> makeKey(view));
    }
    for (GenericKubernetesResource object : decision.authority()) {
      attempts.run("the " + object.getKind(), () -> authority(view, object));
    }
    for (GenericKubernetesResource object : decision.surplus()) {
      LOG.info("deleting {} {}", object.getKind(), object.getMetadata().getName());
      attempts.run("to delete the " + object.getKind(), () -> client.resource(object).delete());
    }
    addOns.await(decision.missing());
    return attempts.failures();
  }

  /** Only ever created: one that is there, whosever it is, stays as it is. */
  private void makeKey(ProjectView view) {
    // 32 characters are the key itself, as the former operator has it.
    byte[] bytes = new byte[ProjectNames.KEY_LENGTH * 3 / 4];
    random.nextBytes(bytes);
    byte[] key = Base64.getUrlEncoder().withoutPadding().encode(bytes);
    try {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(ProjectNames.KEY_SECRET)
                  .withNamespace(view.name())
                  .withLabels(Map.of(ProjectNames.LABEL, view.name()))
                  .endMetadata()
                  .withImmutable(true)
                  .withType("Opaque")
                  .withData(
                      Map.of(
                          ProjectNames.KEY,
                          new String(Base64.getEncoder().encode(key), StandardCharsets.US_ASCII)))
                  .build())
          .create();
      LOG.info("made a key in Secret {}/{}", view.name(), ProjectNames.KEY_SECRET);
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
  }

  private void authority(ProjectView view, GenericKubernetesResource wanted) {
    Optional<GenericKubernetesResource> known =
        view.authority().stream()
            .filter(one -> one.getKind().equals(wanted.getKind()))
            .filter(one -> one.getMetadata().getName().equals(wanted.getMetadata().getName()))
            .findFirst()
            .or(() -> Optional.ofNullable(client.resource(wanted).get()));
    known
        .filter(live -> !isOurs(view, live))
        .ifPresent(live -> {
          throw new ForeignObjectException(live);
        });
    applier.applyTo(wanted, known);
  }

  private static boolean isOurs(ProjectView view, HasMetadata live) {
    return live.getMetadata().getLabels() != null
        && view.name().equals(live.getMetadata().getLabels().get(ProjectNames.LABEL));
  }
}
