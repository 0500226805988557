package io.upm.runtime.kube;

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
 * one, never watched, so that the runtime needs no right to see them all. Who names one is looked
 * at many times, so what was read stays good for a while.
 */
public final class SecretKeys {
  /** For whom may lack something: shorter than the pause after which it is looked at again. */
  public static final Duration BRIEF = Duration.ofSeconds(4);

  /** For whom nothing was lacking. */
  public static final Duration LONG = Duration.ofMinutes(1);

  private static final int MANY = 1024;

  private record Name(String namespace, String name) {}

  /**
   * What was read.
   *
   * @param names keys that have a value
   * @param version another one for each change of the Secret
   */
  public record Keys(Set<String> names, String version) {
    public Keys {
      names = Set.copyOf(names);
    }
  }

  private record Seen(Keys keys, long nanoTime) {
    boolean isYounger(Duration age) {
      return System.nanoTime() - nanoTime < age.toNanos();
    }
  }

  private final KubernetesClient client;
  private final Map<Name, Seen> seen = new ConcurrentHashMap<>();

  public SecretKeys(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The keys; empty when there is no such Secret, or can't be one.
   *
   * @param good how long what was read is good enough
   */
  public Optional<Keys> of(String namespace, String name, Duration good) {
    var secret = new Name(namespace, name);
    Seen last = seen.get(secret);
    if (last != null && last.isYounger(good)) {
      return Optional.of(last.keys());
    }
    if (seen.size() >= MANY) {
      seen.values().removeIf(one -> !one.isYounger(LONG));
    }
    Optional<Keys> keys = read(secret);
    keys.ifPresentOrElse(
        found -> seen.put(secret, new Seen(found, System.nanoTime())), () -> seen.remove(secret));
    return keys;
  }

  private Optional<Keys> read(Name name) {
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
    return Optional.of(new Keys(keys, secret.getMetadata().getResourceVersion()));
  }
}
