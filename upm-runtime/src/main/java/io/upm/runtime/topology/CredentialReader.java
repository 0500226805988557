package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.host.credential.SecretValues;
import io.upm.host.credential.UnreadableSecretException;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.CredentialRef;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of one topology object during one look at it. Secrets are asked for by name, so the
 * runtime need not be allowed to list or watch them; a changed one is seen with the next look.
 */
final class CredentialReader implements Function<String, Credential> {
  /** A Secret, or why there is none. */
  private record Found(@Nullable Secret secret, @Nullable PluginException failure) {}

  private final String namespace;
  private final List<CredentialRef> references;
  private final FormerPasswords former;
  private final Map<String, Found> secrets = new TreeMap<>();

  /** Reads all Secrets now: a plugin that asks for a credential must not wait for Kubernetes. */
  CredentialReader(
      KubernetesClient client,
      String namespace,
      List<CredentialRef> references,
      FormerPasswords former) {
    this.namespace = namespace;
    this.former = former;
    this.references = List.copyOf(references);
    for (CredentialRef reference : references) {
      secrets.computeIfAbsent(reference.secret(), name -> read(client, name));
      reference
          .cipher()
          .ifPresent(key -> secrets.computeIfAbsent(key.name(), name -> read(client, name)));
    }
  }

  /**
   * @throws PluginException of kind USER, naming Secret and key, when there is none
   */
  @Override
  public Credential apply(String purpose) {
    CredentialRef reference =
        references.stream()
            .filter(one -> one.purpose().equals(purpose))
            .findFirst()
            .orElseThrow(() ->
                PluginException.internal(
                    "the plugin names no credential for \"" + purpose + "\"", null));
    byte[] value = value(reference.secret(), reference.key());
    Optional<byte[]> cipher = reference.cipher().map(key -> value(key.name(), key.key()));
    try {
      return former.credential(purpose, reference.key(), SecretValues.decode(value, cipher));
    } catch (UnreadableSecretException e) {
      throw PluginException.user(
          "Secret %s/%s, key %s: %s"
              .formatted(namespace, reference.secret(), reference.key(), e.getMessage()),
          e);
    }
  }

  private byte[] value(String name, String key) {
    Found found = secrets.get(name);
    if (found != null && found.failure() != null) {
      throw found.failure();
    }
    Map<String, String> data =
        found == null || found.secret() == null ? null : found.secret().getData();
    String value = data == null ? null : data.get(key);
    if (value == null) {
      throw PluginException.user("Secret %s/%s has no key \"%s\"".formatted(namespace, name, key));
    }
    return Base64.getDecoder().decode(value);
  }

  private Found read(KubernetesClient client, String name) {
    String text = "Secret %s/%s".formatted(namespace, name);
    try {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      return new Found(secret, secret == null ? PluginException.user(text + " is missing") : null);
    } catch (KubernetesClientException e) {
      return new Found(
          null, PluginException.retryable(text + " can't be read: " + e.getMessage(), e));
    }
  }
}
