package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.SecretKeys;
import io.upm.runtime.kube.SharedConfig;
import io.upm.runtime.validation.SecretRules;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what the spec of a UnitSet refers to. */
public final class SetReferences {
  private final KubernetesClient client;
  private final SecretKeys secretKeys;

  public SetReferences(KubernetesClient client) {
    this.client = client;
    this.secretKeys = new SecretKeys(client);
  }

  /** What is there of it now. */
  public SetView.References read(UnitSet set) {
    String namespace = set.getMetadata().getNamespace();
    var secrets = new TreeMap<String, Set<String>>();
    Duration good = wasValid(set) ? SecretKeys.LONG : SecretKeys.BRIEF;
    for (String name : SecretRules.names(set.getSpec())) {
      secretKeys.of(namespace, name, good).ifPresent(keys -> secrets.put(name, keys.names()));
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

  private static boolean wasValid(UnitSet set) {
    UnitSetStatus last = set.getStatus();
    return last != null
        && Objects.equals(last.observedGeneration(), set.getMetadata().getGeneration())
        && Conditions.isTrue(last.conditions(), SetConditions.VALID);
  }
}
