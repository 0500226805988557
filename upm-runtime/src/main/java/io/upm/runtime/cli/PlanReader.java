package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.PluginEngine;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.UnitView;
import io.upm.runtime.unitset.AddOnDecision;
import io.upm.runtime.unitset.SetReferences;
import io.upm.runtime.unitset.SetView;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what the effect of a changed UnitSet depends on. */
final class PlanReader {
  private static final String OVERRIDES = "image-overrides.json";

  private final KubernetesClient client;
  private final PluginDirectory plugins;

  PlanReader(KubernetesClient client, PluginDirectory plugins) {
    this.client = client;
    this.plugins = plugins;
  }

  /** Images that the installation uses in place of the plugins' own, as far as that may be read. */
  static ImageOverrides overrides(KubernetesClient client) {
    try {
      return client
          .configMaps()
          .inAnyNamespace()
          .withLabel(VersionCommand.RUNTIME_LABEL, VersionCommand.RUNTIME_NAME)
          .list()
          .getItems()
          .stream()
          .map(ConfigMap::getData)
          .filter(data -> data != null && data.containsKey(OVERRIDES))
          .map(data -> overrides(data.get(OVERRIDES)))
          .findFirst()
          .orElse(ImageOverrides.NONE);
    } catch (KubernetesClientException e) {
      if (e.getCode() == 403) {
        return ImageOverrides.NONE;
      }
      throw e;
    }
  }

  private static ImageOverrides overrides(String json) {
    try {
      return new ImageOverrides(new JsonMapper().readValue(json, new TypeReference<>() {}));
    } catch (JsonProcessingException e) {
      return ImageOverrides.NONE;
    }
  }

  /** What a set depends on, as it would be. */
  PlanWorld read(UnitSet wanted) {
    String namespace = wanted.getMetadata().getNamespace();
    String name = wanted.getMetadata().getName();
    Snapshot snapshot = new ClusterReader(client).read(namespace, name);
    String type = wanted.getSpec().type();
    List<Unit> units =
        snapshot.units().stream()
            .filter(unit -> snapshot.set().filter(set -> Owners.controls(set, unit)).isPresent())
            .toList();
    var view =
        new SetView(
            wanted,
            new SetView.Engines(
                plugins.all().stream()
                    .map(engine -> engine.descriptor().engine())
                    .sorted()
                    .toList(),
                plugins.findOrServing(type, wanted.getSpec().pluginVersion())),
            units,
            snapshot.services().stream()
                .filter(service ->
                    snapshot.set().filter(set -> Owners.controls(set, service)).isPresent())
                .toList(),
            AddOnDecision.View.NONE,
            new SetReferences(client).read(wanted),
            new SetView.Topology(topology(snapshot, name), false),
            Instant.now());
    return new PlanWorld(
        view,
        snapshot.set(),
        Optional.empty(),
        children(namespace, name, units),
        PlanReader::render);
  }

  private static List<ConfigFile> render(Engine engine, ConfigInput input) {
    return engine instanceof PluginEngine one
        ? one.loaded().call("render", plugin -> List.copyOf(plugin.config().render(input)))
        : List.of();
  }

  private static Optional<TopologyState> topology(Snapshot snapshot, String set) {
    return snapshot.topologies().stream()
        .filter(object -> object.getMetadata().getName().equals(set))
        .map(PlanReader::state)
        .findFirst();
  }

  private static TopologyState state(GenericKubernetesResource object) {
    return new TopologyState(
        Boolean.TRUE.equals(Fields.at(object, "status", "ready")),
        Fields.text(Fields.at(object, "status", "message")),
        Fields.text(Fields.at(object, "status", "source")));
  }

  private Map<String, UnitView.Children> children(String namespace, String set, List<Unit> units) {
    Map<String, Pod> pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(Names.LABEL_SET, set)
            .list()
            .getItems()
            .stream()
            .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
    Map<String, ConfigMap> documents =
        client
            .configMaps()
            .inNamespace(namespace)
            .withLabel(Names.LABEL_UNIT)
            .list()
            .getItems()
            .stream()
            .collect(Collectors.toMap(map -> map.getMetadata().getName(), Function.identity()));
    List<PersistentVolumeClaim> claims =
        client.persistentVolumeClaims().inNamespace(namespace).list().getItems();
    var children = new TreeMap<String, UnitView.Children>();
    for (Unit unit : units) {
      String name = unit.getMetadata().getName();
      children.put(
          name,
          new UnitView.Children(
              Optional.ofNullable(pods.get(name)),
              Optional.ofNullable(documents.get(Names.instanceConfigMap(name))),
              claims.stream()
                  .collect(
                      Collectors.toMap(
                          claim -> claim.getMetadata().getName(), Function.identity()))));
    }
    return children;
  }
}
