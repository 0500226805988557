package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.SharedConfig;
import io.upm.runtime.validation.SecretRules;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what the spec of a UnitSet refers to. */
public final class SetReferences {
  private final KubernetesClient client;

  public SetReferences(KubernetesClient client) {
    this.client = client;
  }

  /** What is there of it now. */
  public SetView.References read(UnitSet set) {
    String namespace = set.getMetadata().getNamespace();
    var secrets = new TreeMap<String, Set<String>>();
    for (String name : SecretRules.names(set.getSpec())) {
      keys(namespace, name).ifPresent(keys -> secrets.put(name, keys));
    }
    String shared = set.getSpec().sharedConfigName();
    SortedMap<String, Integer> ports = new TreeMap<>();
    boolean missing = false;
    if (shared != null && !shared.isEmpty()) {
      ConfigMap map = client.configMaps().inNamespace(namespace).withName(shared).get();
      missing = map == null;
      if (map != null && map.getData() != null) {
        ports = SharedConfig.ports(map.getData(), set.getSpec().type());
      }
    }
    return new SetView.References(secrets, ports, missing);
  }

  /** Keys that have a value; the values themselves are not kept. */
  private Optional<Set<String>> keys(String namespace, String name) {
    Secret secret;
    try {
      secret = client.secrets().inNamespace(namespace).withName(name).get();
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
