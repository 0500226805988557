package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.IssuedCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of the agents. Secrets are read one by one, never listed or watched, so that the
 * runtime needs no right to see them all; when one was found in order it isn't read again for a
 * while.
 */
final class AgentCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCertificates.class);

  /** A certificate lives for 90 days and is renewed after 60. */
  private static final Duration LOOK_AGAIN = Duration.ofHours(6);

  /** A Unit's first Pod is made a moment after its Secret, when its volumes are there. */
  private static final Duration JUST_NOW = Duration.ofMinutes(1);

  /**
   * When a Secret was in order.
   *
   * @param unused whether it was made then, and no Pod since
   */
  private record Found(Instant at, boolean unused) {
    boolean spares(Look look, Instant now) {
      return switch (look) {
        case NOW_AND_THEN -> now.isBefore(at.plus(LOOK_AGAIN));
        case NOW -> unused && now.isBefore(at.plus(JUST_NOW));
        case LATER -> false;
      };
    }
  }

  private final KubernetesClient client;
  private final Applier applier;
  private final CertificateAuthority authority;
  private final Map<UnitKey, Found> inOrder = new ConcurrentHashMap<>();

  AgentCertificates(KubernetesClient client, Applier applier, CertificateAuthority authority) {
    this.client = client;
    this.applier = applier;
    this.authority = authority;
  }

  /** When the Secret is looked at. */
  enum Look {
    /** When it was not for a while. */
    NOW_AND_THEN,
    /** Before a Pod is made: unless it was made for just that Pod. */
    NOW,
    /** After trying to make it: there should be none. */
    LATER
  }

  /** Sees to it that the agent of a Unit has a certificate that isn't due for renewal. */
  void ensure(Unit unit, Instant now, Look look) {
    UnitKey key = UnitActor.key(unit);
    Found last = inOrder.get(key);
    if (last != null && last.spares(look, now)) {
      return;
    }
    if (look == Look.LATER && applier.create(issue(unit, key))) {
      inOrder.put(key, new Found(now, true));
      return;
    }
    String secretName = Names.agentSecret(key.name());
    Optional<Secret> live =
        Optional.ofNullable(
            client.secrets().inNamespace(key.namespace()).withName(secretName).get());
    boolean current =
        live.filter(secret -> Owners.controls(unit, secret))
            .map(AgentCertificates::certificate)
            .filter(certificate -> authority.isCurrent(certificate, key.namespace(), key.name()))
            .isPresent();
    if (!current) {
      applier.applyTo(issue(unit, key), live);
    }
    inOrder.put(key, new Found(now, false));
  }

  private Secret issue(Unit unit, UnitKey key) {
    LOG.info("issuing a certificate for the agent of {}", key);
    return secret(unit, authority.forUnit(key.namespace(), key.name()));
  }

  /** A Pod is made: what becomes of the Secret from now on is not known. */
  void used(UnitKey key) {
    inOrder.computeIfPresent(key, (unit, found) -> new Found(found.at(), false));
  }

  /** Forgets a Unit that is gone. */
  void forget(UnitKey key) {
    inOrder.remove(key);
  }

  private static Secret secret(Unit unit, IssuedCertificate issued) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(Names.agentSecret(unit.getMetadata().getName()))
        .withNamespace(unit.getMetadata().getNamespace())
        .withLabels(UnitLabels.inherited(unit))
        .withOwnerReferences(Owners.controller(unit))
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withData(
            new TreeMap<>(
                Map.of(
                    Names.KEY_CERTIFICATE, encoded(issued.certificate()),
                    Names.KEY_PRIVATE_KEY, encoded(issued.privateKey()),
                    Names.KEY_AUTHORITY, encoded(issued.authority()))))
        .build();
  }

  private static String certificate(Secret secret) {
    String value = secret.getData() == null ? null : secret.getData().get(Names.KEY_CERTIFICATE);
    return value == null
        ? ""
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
