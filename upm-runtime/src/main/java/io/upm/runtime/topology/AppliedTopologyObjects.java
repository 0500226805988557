package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.topology.SetView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topology objects of UnitSets. The spec is the plugin's whole answer: it is written as such, and
 * only in the state of the object that the plugin was shown, so that a source which the user chose
 * meanwhile is not undone.
 */
final class AppliedTopologyObjects implements TopologyObjects {
  private static final Logger LOG = LoggerFactory.getLogger(AppliedTopologyObjects.class);

  private final KubernetesClient client;
  private final TopologyCatalog catalog;
  private final BiFunction<String, ObjectKey, Optional<TopologyResource>> cache;
  private final List<BiConsumer<String, String>> listeners = new CopyOnWriteArrayList<>();

  /** An object, and what manages its kind. */
  private record Known(ManagedTopology topology, TopologyResource object) {}

  /** What is to be written, or what is wrong. */
  private record Wanted(Map<String, Object> spec, boolean differs, List<Problem> problems) {}

  /**
   * @param cache object by kind, as it is known here; empty when it is not
   */
  AppliedTopologyObjects(
      KubernetesClient client,
      TopologyCatalog catalog,
      BiFunction<String, ObjectKey, Optional<TopologyResource>> cache) {
    this.client = client;
    this.catalog = catalog;
    this.cache = cache;
  }

  @Override
  public List<Problem> own(String engine, String namespace, SetView set, OwnerReference owner) {
    Optional<ManagedTopology> serving =
        catalog.ofEngine(engine, new ObjectKey(namespace, set.name())).stream()
            .filter(topology -> topology.specFor(set, Optional.empty()).isPresent())
            .findFirst();
    disownOthers(engine, namespace, set.name(), owner.getUid(), serving);
    return serving
        .map(topology -> own(topology, namespace, set, owner))
        .orElseGet(() ->
            List.of(
                new Problem(
                    "spec.topology.mode",
                    set.mode(),
                    "no topology of engine %s serves it".formatted(engine))));
  }

  @Override
  public void disown(String engine, String namespace, String set, String ownerUid) {
    disownOthers(engine, namespace, set, ownerUid, Optional.empty());
  }

  @Override
  public Optional<TopologyState> state(String engine, String namespace, String name) {
    return known(engine, new ObjectKey(namespace, name)).map(known -> state(known.object()));
  }

  @Override
  public Optional<String> successor(String engine, String namespace, String name, String node) {
    var key = new ObjectKey(namespace, name);
    return known(engine, key).flatMap(known -> successor(known, key, node));
  }

  @Override
  public void onChange(BiConsumer<String, String> listener) {
    listeners.add(listener);
  }

  void changed(String kind, ObjectKey key) {
    for (BiConsumer<String, String> listener : listeners) {
      try {
        listener.accept(key.namespace(), key.name());
      } catch (RuntimeException e) {
        LOG.warn("a listener failed on a change of {} {}", kind, key, e);
      }
    }
  }

  private List<Problem> own(
      ManagedTopology topology, String namespace, SetView set, OwnerReference owner) {
    var key = new ObjectKey(namespace, set.name());
    Optional<TopologyResource> known = cache.apply(topology.kind().name(), key);
    if (known.isPresent() && owns(owner.getUid(), known.get())) {
      Wanted wanted = wanted(topology, set, known);
      if (!wanted.problems().isEmpty() || !wanted.differs()) {
        return wanted.problems();
      }
    }
    TopologyResource live = find(topology, key).map(TopologyResource::new).orElse(null);
    if (live != null && !owns(owner.getUid(), live)) {
      return List.of(
          new Problem(
              "metadata.name",
              set.name(),
              "there is a %s of this name that was not made for this UnitSet: rename or delete it"
                  .formatted(topology.kind().name())));
    }
    Wanted wanted = wanted(topology, set, Optional.ofNullable(live));
    if (wanted.problems().isEmpty() && wanted.differs()) {
      write(topology, key, owner, wanted.spec(), live);
    }
    return wanted.problems();
  }

  private Wanted wanted(ManagedTopology topology, SetView set, Optional<TopologyResource> current) {
    Optional<Record> held = current.flatMap(object -> topology.read(object.spec()).value());
    Record next =
        topology
            .specFor(set, held)
            .orElseThrow(
                () -> new IllegalStateException(topology.plugin() + " no longer serves its mode"));
    List<Problem> problems = topology.validate(next);
    Map<String, Object> spec = topology.write(next);
    boolean differs = held.map(record -> !topology.write(record).equals(spec)).orElse(true);
    return new Wanted(spec, differs, problems);
  }

  private void write(
      ManagedTopology topology,
      ObjectKey key,
      OwnerReference owner,
      Map<String, Object> spec,
      @Nullable TopologyResource live) {
    var builder =
        live == null
            ? new GenericKubernetesResourceBuilder()
                .withApiVersion(TopologyKind.API_VERSION)
                .withKind(topology.kind().name())
                .withNewMetadata()
                .withName(key.name())
                .withNamespace(key.namespace())
                .addToLabels("app.kubernetes.io/managed-by", "upm-runtime")
                .withOwnerReferences(owner)
                .endMetadata()
            : new GenericKubernetesResourceBuilder(live.raw());
    GenericKubernetesResource object = builder.addToAdditionalProperties("spec", spec).build();
    Resource<GenericKubernetesResource> resource =
        client
            .genericKubernetesResources(TopologyKind.context(topology.kind()))
            .inNamespace(key.namespace())
            .resource(object);
    if (live == null) {
      resource.create();
    } else {
      resource.update();
    }
    LOG.info("{} {} is as its UnitSet wants", topology.kind().name(), key);
  }

  private void disownOthers(
      String engine,
      String namespace,
      String set,
      String ownerUid,
      Optional<ManagedTopology> kept) {
    for (ManagedTopology topology : catalog.ofEngine(engine, new ObjectKey(namespace, set))) {
      if (kept.isPresent() && kept.get() == topology) {
        continue;
      }
      var key = new ObjectKey(namespace, set);
      cache
          .apply(topology.kind().name(), key)
          .filter(object -> owns(ownerUid, object))
          .ifPresent(object -> {
            client
                .genericKubernetesResources(TopologyKind.context(topology.kind()))
                .inNamespace(namespace)
                .resource(object.raw())
                .delete();
            LOG.info("{} {} is removed", topology.kind().name(), key);
          });
    }
  }

  private Optional<GenericKubernetesResource> find(ManagedTopology topology, ObjectKey key) {
    return Optional.ofNullable(
        client
            .genericKubernetesResources(TopologyKind.context(topology.kind()))
            .inNamespace(key.namespace())
            .withName(key.name())
            .get());
  }

  private static boolean owns(String ownerUid, TopologyResource object) {
    return object.raw().getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(ownerUid));
  }

  private Optional<Known> known(String engine, ObjectKey key) {
    return catalog.ofEngine(engine, key).stream()
        .flatMap(topology ->
            cache
                .apply(topology.kind().name(), key)
                .map(object -> new Known(topology, object))
                .stream())
        .findFirst();
  }

  private static TopologyState state(TopologyResource object) {
    var status = object.status();
    boolean current = status.path("observedGeneration").asLong(-1) == object.generation();
    return new TopologyState(
        current && status.path("ready").asBoolean(false),
        status.path("message").asText(""),
        status.path("source").asText(""));
  }

  private static Optional<String> successor(Known known, ObjectKey key, String node) {
    ManagedTopology topology = known.topology();
    try {
      return topology
          .read(known.object().spec())
          .value()
          .flatMap(spec -> topology.successor(spec, node));
    } catch (PluginFault | PluginException | PluginDrainedException e) {
      LOG.error(
          "plugin {} does not say who can take over from {} in {} {}",
          topology.plugin(),
          node,
          topology.kind().name(),
          key,
          e);
      return Optional.empty();
    }
  }
}
