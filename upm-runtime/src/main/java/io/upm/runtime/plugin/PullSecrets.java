package io.upm.runtime.plugin;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Secrets with passwords of registries, in the runtime's namespace. */
final class PullSecrets {
  private static final String KEY = ".dockerconfigjson";

  private final KubernetesClient client;
  private final String namespace;

  PullSecrets(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** What the Secret that a build names has for a host; nothing for one that names none. */
  Credentials ofWish(Wish wish, String host) throws IOException {
    return wish.pullSecret().isPresent() ? find(wish.pullSecret().get(), host) : Credentials.NONE;
  }

  /**
   * What a Secret has for a host.
   *
   * @throws IOException when it isn't there or isn't of that kind; both can be healed
   */
  Credentials find(String name, String host) throws IOException {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    Map<String, String> data = secret == null ? null : secret.getData();
    String encoded = data == null ? null : data.get(KEY);
    if (encoded == null) {
      throw new IOException(
          "spec.pullSecret \"%s\": there is no Secret %s/%s of type kubernetes.io/dockerconfigjson"
              .formatted(name, namespace, name));
    }
    try {
      return Credentials.find(
          new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8), host);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s of Secret %s/%s is no Docker configuration file".formatted(KEY, namespace, name), e);
    }
  }
}
