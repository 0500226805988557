package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.SharedConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what a decision about a Unit depends on, from caches where there are any. */
final class UnitObserver {
  private final KubernetesClient client;
  private final EngineRegistry engines;
  private final Agents agents;
  private final Places places;
  private final AgentImage agentImage;
  private final InstantSource clock;
  private final BooleanSupplier calls;

  /**
   * @param calls whether GrpcCalls are followed
   */
  UnitObserver(UnitReconciler.Parts parts, Places places, BooleanSupplier calls) {
    this.client = parts.client();
    this.engines = parts.engines();
    this.agents = parts.agents();
    this.places = places;
    this.agentImage = parts.agentImage();
    this.clock = parts.clock();
    this.calls = calls;
  }

  UnitView observe(Unit unit, Context<Unit> context) {
    Optional<String> type = EngineContainer.of(unit).map(EngineContainer::type);
    var key = new UnitKey(unit.getMetadata().getNamespace(), unit.getMetadata().getName());
    UnitView.Children children = children(unit, context);
    Optional<AgentView> agent = agents.view(key);
    return new UnitView(
        unit,
        type.flatMap(
            name -> engines.find(name, UnitLabels.pluginVersion(unit), UnitLabels.ref(unit))),
        sources(unit, type.orElse("")),
        children,
        places.observe(unit, children),
        agent,
        agentImage,
        RestoreCalls.needsBackup(unit, children, agent) ? backup(unit) : Optional.empty(),
        clock.instant());
  }

  private UnitView.Children children(Unit unit, Context<Unit> context) {
    String name = unit.getMetadata().getName();
    // A revision must not be given twice because the cache is behind, so the server is asked; but
    // for a Unit that was never looked at, whose ConfigMap is only ever made.
    Optional<ConfigMap> configMap =
        named(context, ConfigMap.class, Names.instanceConfigMap(name))
            .or(() ->
                unit.getStatus() == null
                    ? Optional.empty()
                    : configMap(unit, Names.instanceConfigMap(name)));
    return new UnitView.Children(
        named(context, Pod.class, name),
        configMap,
        context
            .getSecondaryResourcesAsStream(PersistentVolumeClaim.class)
            .collect(Collectors.toMap(claim -> claim.getMetadata().getName(), Function.identity())),
        calls.getAsBoolean()
            ? context.getSecondaryResourcesAsStream(GrpcCall.class).toList()
            : List.of());
  }

  private Optional<Backup> backup(Unit unit) {
    return Optional.ofNullable(unit.getSpec().restoreFrom())
        .map(RestoreFromSpec::backup)
        .map(name ->
            client
                .resources(Backup.class)
                .inNamespace(unit.getMetadata().getNamespace())
                .withName(name)
                .get())
        .filter(backup -> backup.getSpec() != null);
  }

  private UnitView.Sources sources(Unit unit, String type) {
    var missing = new ArrayList<String>();
    var parameters = new TreeMap<String, JsonNode>();
    parameters.putAll(
        SharedConfig.parameters(data(unit, unit.getSpec().configTemplateName(), missing), type));
    parameters.putAll(
        SharedConfig.parameters(data(unit, unit.getSpec().configValueName(), missing), type));
    var ports = SharedConfig.ports(data(unit, unit.getSpec().sharedConfigName(), missing), type);
    return new UnitView.Sources(parameters, ports, missing);
  }

  private Map<String, String> data(Unit unit, @Nullable String name, ArrayList<String> missing) {
    if (name == null || name.isEmpty()) {
      return Map.of();
    }
    Optional<ConfigMap> map = configMap(unit, name);
    if (map.isEmpty()) {
      missing.add(name);
    }
    return map.map(ConfigMap::getData).orElse(Map.of());
  }

  private Optional<ConfigMap> configMap(Unit unit, String name) {
    return Optional.ofNullable(
        client.configMaps().inNamespace(unit.getMetadata().getNamespace()).withName(name).get());
  }

  private static <T extends HasMetadata> Optional<T> named(
      Context<Unit> context, Class<T> type, String name) {
    return context
        .getSecondaryResourcesAsStream(type)
        .filter(object -> name.equals(object.getMetadata().getName()))
        .findFirst();
  }
}
