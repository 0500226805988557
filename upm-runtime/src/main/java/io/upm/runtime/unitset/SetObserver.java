package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.kube.SharedConfig;
import io.upm.runtime.topology.TopologyObjects;
import io.upm.runtime.validation.SecretRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads what a decision about a UnitSet depends on, from caches where there are any. */
final class SetObserver {
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final EngineRegistry engines;
  private final TopologyObjects topologies;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Instant> began = new AtomicReference<>();

  SetObserver(
      KubernetesClient client,
      EngineRegistry engines,
      TopologyObjects topologies,
      InstantSource clock) {
    this.client = client;
    this.engines = engines;
    this.topologies = topologies;
    this.clock = clock;
  }

  SetView observe(UnitSet set, Context<UnitSet> context) {
    String type = set.getSpec().type();
    Instant now = clock.instant();
    return new SetView(
        set,
        new SetView.Engines(
            engines.all().stream().map(engine -> engine.descriptor().engine()).sorted().toList(),
            engines.find(type)),
        context
            .getSecondaryResourcesAsStream(Unit.class)
            .filter(unit -> Owners.controls(set, unit))
            .toList(),
        context
            .getSecondaryResourcesAsStream(Service.class)
            .filter(service -> Owners.controls(set, service))
            .toList(),
        references(set),
        new SetView.Topology(
            topologies.state(type, set.getMetadata().getNamespace(), set.getMetadata().getName()),
            now.isBefore(began(now).plus(WARM_UP))),
        now);
  }

  /** When the first UnitSet was looked at, which is when this process became the leader. */
  private Instant began(Instant now) {
    began.compareAndSet(null, now);
    Instant first = began.get();
    return first == null ? now : first;
  }

  private SetView.References references(UnitSet set) {
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
