package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which keys of Secrets have a value; the values themselves are not kept. Secrets are read one by
 * one, never watched, so that the runtime needs no right to see them all. While a set is being made
 * it is looked at many times, so what was read stays good for a moment.
 */
final class SecretKeys {
  /** Shorter than the pause after which a set with a problem is looked at again. */
  private static final Duration GOOD = Duration.ofSeconds(4);

  private static final int MANY = 1024;

  private record Name(String namespace, String name) {}

  private record Seen(Set<String> keys, long nanoTime) {
    boolean isGood() {
      return System.nanoTime() - nanoTime < GOOD.toNanos();
    }
  }

  private final KubernetesClient client;
  private final Map<Name, Seen> seen = new ConcurrentHashMap<>();

  SecretKeys(KubernetesClient client) {
    this.client = client;
  }

  /** The keys; empty when there is no such Secret, or can't be one. */
  Optional<Set<String>> of(String namespace, String name) {
    var secret = new Name(namespace, name);
    Seen last = seen.get(secret);
    if (last != null && last.isGood()) {
      return Optional.of(last.keys());
    }
    if (seen.size() >= MANY) {
      seen.values().removeIf(one -> !one.isGood());
    }
    Optional<Set<String>> keys = read(secret);
    keys.ifPresentOrElse(
        found -> seen.put(secret, new Seen(found, System.nanoTime())), () -> seen.remove(secret));
    return keys;
  }

  private Optional<Set<String>> read(Name name) {
    Secret secret;
    try {
      secret = client.secrets().inNamespace(name.namespace()).withName(name.name()).get();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (secret == null) {
      return Optional.empty();
    }
    var keys = new HashSet<String>();
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    data.forEach((key, value) -> {
      if (value != null && !value.isEmpty()) {
        keys.add(key);
      }
    });
    return Optional.of(keys);
  }
}
