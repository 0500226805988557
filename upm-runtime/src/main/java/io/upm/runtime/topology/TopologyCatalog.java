package io.upm.runtime.topology;

import io.upm.host.plugin.Conversion;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginObject;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.PluginEngine;
import io.upm.runtime.engine.SetRef;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.RuntimeContext;
import io.upm.spi.topology.TopologyManager;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology managers of all plugins that serve, by kind. Follows the plugin directory; readers
 * see a whole snapshot. One plugin that fails to say what it manages takes nothing from the others.
 */
final class TopologyCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(TopologyCatalog.class);

  private final PluginDirectory plugins;
  private final RuntimeContext context;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile Map<String, ManagedTopology> byKind = Map.of();
  private volatile Map<String, ManagedTopology> tried = Map.of();

  TopologyCatalog(PluginDirectory plugins, InstantSource clock) {
    this.plugins = plugins;
    var utc = clock.withZone(ZoneOffset.UTC);
    this.context = () -> utc;
    plugins.onChange(engine -> refresh());
    refresh();
  }

  Optional<ManagedTopology> find(String kind) {
    return Optional.ofNullable(byKind.get(kind));
  }

  Map<String, ManagedTopology> all() {
    return byKind;
  }

  /** Managers of one engine for one object. */
  List<ManagedTopology> ofEngine(String engine, ObjectKey key) {
    return byKind.values().stream()
        .filter(topology -> topology.engine().descriptor().engine().equals(engine))
        .map(topology -> chosen(topology, key))
        .toList();
  }

  /** That of a version which is tried on an object's UnitSet, or the one that serves. */
  ManagedTopology chosen(ManagedTopology serving, ObjectKey key) {
    String engine = serving.engine().descriptor().engine();
    return tried(serving.kind().name())
        .filter(topology -> plugins.tries(engine, new SetRef(key.namespace(), key.name())))
        .orElse(serving);
  }

  /** Manager of a version that is tried on some UnitSets; empty while none is. */
  Optional<ManagedTopology> tried(String kind) {
    return Optional.ofNullable(tried.get(kind));
  }

  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** What is wrong with a spec; empty when no plugin brings the kind. */
  Optional<List<Problem>> check(String kind, Map<String, Object> spec) {
    return find(kind).map(topology -> check(topology, spec));
  }

  static List<Problem> check(ManagedTopology topology, Map<String, ?> spec) {
    Conversion<Record> read = topology.read(spec);
    return read.value().map(topology::validate).orElse(read.problems());
  }

  private void refresh() {
    refreshing.lock();
    try {
      Map<String, ManagedTopology> before = byKind;
      Map<String, ManagedTopology> triedBefore = tried;
      var next = new TreeMap<String, ManagedTopology>();
      var trying = new TreeMap<String, ManagedTopology>();
      for (PluginEngine engine : plugins.engines()) {
        for (ManagedTopology topology : topologies(engine, before)) {
          ManagedTopology other = next.putIfAbsent(topology.kind().name(), topology);
          if (other != null) {
            LOG.warn(
                "kind {} of plugin {} is served by plugin {} already",
                topology.kind().name(),
                topology.plugin(),
                other.plugin());
          }
        }
      }
      // Of kinds that are managed anyway: others come when the version serves.
      plugins.engines().stream()
          .flatMap(engine -> engine.tried().stream())
          .flatMap(engine -> topologies(engine, triedBefore).stream())
          .filter(topology -> next.containsKey(topology.kind().name()))
          .forEach(topology -> trying.put(topology.kind().name(), topology));
      tried = Map.copyOf(trying);
      byKind = Map.copyOf(next);
    } finally {
      refreshing.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  private List<ManagedTopology> topologies(
      PluginEngine engine, Map<String, ManagedTopology> before) {
    List<ManagedTopology> known =
        before.values().stream().filter(topology -> topology.engine() == engine).toList();
    if (!known.isEmpty()) {
      return known;
    }
    try {
      PluginObject<List<TopologyManager<?, ?>>> managers =
          engine.loaded().hold("topologies", plugin -> List.copyOf(plugin.topologies(context)));
      int count = managers.call("topologies", List::size);
      var topologies = new ArrayList<ManagedTopology>();
      for (int index = 0; index < count; index++) {
        topologies.add(new ManagedTopology(engine, managers, index));
      }
      return topologies;
    } catch (PluginFault | PluginException | PluginDrainedException e) {
      LOG.error("plugin {} does not say which topologies it manages", engine.plugin(), e);
      return List.of();
    }
  }
}
