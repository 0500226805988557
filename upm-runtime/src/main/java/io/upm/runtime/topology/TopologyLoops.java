package io.upm.runtime.topology;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.kube.Events;
import io.upm.spi.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One loop for each topology object of each kind that the plugins declare. Managing begins and ends
 * with leadership; {@link #check} and {@link #objects} work all the time.
 */
public final class TopologyLoops implements AutoCloseable {
  private final KubernetesClient client;
  private final Agents agents;
  private final InstantSource clock;
  private final String instance;
  private final HostAddresses addresses;
  private final LoopMeters meters = new LoopMeters();
  private final TopologyCatalog catalog;
  private final AppliedTopologyObjects objects;
  private final ReentrantLock leading = new ReentrantLock();
  private volatile @Nullable ManagedKinds kinds;

  /**
   * @param instance name of this process, for Events
   */
  public TopologyLoops(
      KubernetesClient client,
      PluginDirectory plugins,
      Agents agents,
      InstantSource clock,
      String instance) {
    this.client = client;
    this.agents = agents;
    this.clock = clock;
    this.instance = instance;
    this.addresses = HostAddresses.system();
    this.catalog = new TopologyCatalog(plugins, clock);
    this.objects = new AppliedTopologyObjects(client, catalog, this::find);
    catalog.onChange(() -> {
      ManagedKinds current = kinds;
      if (current != null) {
        current.refresh();
      }
    });
    agents.onChange(this::wake);
  }

  /**
   * Begins to manage; called when this process becomes the leader. Returns at once. May be
   * repeated.
   */
  public void start() {
    leading.lock();
    try {
      if (kinds == null) {
        var fresh = new ManagedKinds(catalog, this::tools, objects::changed);
        kinds = fresh;
        fresh.start();
      }
    } finally {
      leading.unlock();
    }
  }

  /**
   * Ends all loops; called when this process is no longer the leader, or ends. Returns when nothing
   * is done any more, or after five seconds.
   */
  @Override
  public void close() {
    leading.lock();
    try {
      ManagedKinds last = kinds;
      kinds = null;
      if (last != null) {
        last.close();
      }
    } finally {
      leading.unlock();
    }
  }

  /** Has looks and steps measured: {@code upm_topology_look}, {@code upm_topology_steps}. */
  public void measure(MeterRegistry registry) {
    meters.add(registry);
  }

  /** Objects that the runtime makes for UnitSets. */
  public TopologyObjects objects() {
    return objects;
  }

  /**
   * What is wrong with the spec of a topology object, for admission.
   *
   * @return empty when no plugin brings that kind
   */
  public Optional<List<Problem>> check(String kind, Map<String, Object> spec) {
    return catalog.check(kind, spec);
  }

  private Tools tools() {
    var caches =
        new ClusterCaches(
            client,
            new ClusterCaches.Listener(
                this::wake,
                child -> {
                  ManagedKinds current = kinds;
                  if (current != null) {
                    current.wakeOwner(child);
                  }
                }));
    return new Tools(
        client,
        caches,
        agents,
        new Publisher(client, caches, addresses),
        new Events(client, "topology", instance),
        meters,
        clock);
  }

  private void wake(UnitKey unit) {
    ManagedKinds current = kinds;
    if (current != null) {
      current.wake(unit);
    }
  }

  private Optional<TopologyResource> find(String kind, ObjectKey key) {
    ManagedKinds current = kinds;
    return current == null ? Optional.empty() : current.find(kind, key);
  }
}
