package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.upm.runtime.agent.UnitKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of one topology kind: watched in all namespaces, each with a loop. When another
 * version of the plugin takes over, the loops go on with it; watching is not interrupted.
 */
final class KindLoop implements AutoCloseable, ObjectLoop.Siblings {
  private static final Logger LOG = LoggerFactory.getLogger(KindLoop.class);
  private static final Duration LAST_CALLS = Duration.ofSeconds(5);

  private final Tools tools;
  private final CrdInstaller definitions;
  private final Consumer<ObjectKey> statusChanged;
  private final Map<ObjectKey, ObjectLoop> loops = new ConcurrentHashMap<>();
  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final Thread starter;
  private final BiFunction<ManagedTopology, ObjectKey, ManagedTopology> choice;
  private volatile ManagedTopology topology;
  private volatile Optional<ManagedTopology> tried = Optional.empty();
  private volatile boolean closed;

  /**
   * @param statusChanged told after each change of an object's status
   * @param choice the topology of an object, which may be that of a version that is tried on some
   */
  KindLoop(
      ManagedTopology topology,
      Tools tools,
      Consumer<ObjectKey> statusChanged,
      BiFunction<ManagedTopology, ObjectKey, ManagedTopology> choice) {
    this.choice = choice;
    this.topology = topology;
    this.tools = tools;
    this.definitions = new CrdInstaller(tools.client());
    this.statusChanged = statusChanged;
    this.informer =
        tools
            .client()
            .genericKubernetesResources(TopologyKind.context(topology.kind()))
            .inAnyNamespace()
            .runnableInformer(0);
    informer.addEventHandler(new Handler());
    this.starter =
        Thread.ofVirtual().name("topology-" + topology.kind().name()).unstarted(this::open);
  }

  /** Begins; returns at once. */
  void start() {
    starter.start();
  }

  /** Goes on with another version of the plugin. */
  void swap(ManagedTopology next) {
    topology = next;
    Thread.ofVirtual().name("topology-definition").start(this::installDefinition);
    loops.values().forEach(ObjectLoop::wake);
  }

  /** Some objects go on with a version that is tried on them, or back when there is none. */
  void tries(Optional<ManagedTopology> next) {
    if (!tried.equals(next)) {
      tried = next;
      // It takes no less than the one that serves, so it may be there before that version serves.
      Thread.ofVirtual().name("topology-definition").start(this::installDefinition);
      loops.values().forEach(ObjectLoop::wake);
    }
  }

  ManagedTopology topology() {
    return topology;
  }

  @Override
  public ManagedTopology topology(ObjectKey key) {
    return choice.apply(topology, key);
  }

  @Override
  public Collection<String> names(String namespace) {
    return informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace).stream()
        .map(object -> object.getMetadata().getName())
        .toList();
  }

  Optional<TopologyResource> find(ObjectKey key) {
    return Optional.ofNullable(
            informer.getIndexer().getByKey(Cache.namespaceKeyFunc(key.namespace(), key.name())))
        .map(TopologyResource::new);
  }

  void wake(ObjectKey key) {
    ObjectLoop loop = loops.get(key);
    if (loop != null) {
      loop.wake();
    }
  }

  /** Wakes the loops of all objects that name this node. */
  void wake(UnitKey unit) {
    loops.forEach((key, loop) -> {
      if (key.namespace().equals(unit.namespace()) && loop.names(unit.name())) {
        loop.wake();
      }
    });
  }

  /** Ends all loops; a step that is being done is interrupted, and waited for a little. */
  @Override
  public void close() {
    closed = true;
    starter.interrupt();
    informer.stop();
    List<ObjectLoop> ending = List.copyOf(loops.values());
    ending.forEach(ObjectLoop::close);
    long deadline = System.nanoTime() + LAST_CALLS.toNanos();
    try {
      for (ObjectLoop loop : ending) {
        loop.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void open() {
    if (!installDefinition()) {
      return;
    }
    try {
      Informers.start(informer);
      LOG.info("topologies of kind {} are managed", topology.kind().name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("topologies of kind {} are not managed", topology.kind().name(), e);
      }
    }
  }

  /** Applies the definition of the plugin of the moment, until that is done; false at the end. */
  private boolean installDefinition() {
    var pace = new Pace();
    while (!closed) {
      ManagedTopology wanted = tried.orElse(topology);
      try {
        definitions.install(wanted);
        return true;
      } catch (RuntimeException e) {
        LOG.error("the definition of kind {} could not be applied", wanted.kind().name(), e);
      }
      try {
        Thread.sleep(pace.afterFailure());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private ObjectLoop open(ObjectKey key) {
    var status =
        new StatusWriter(
            tools.client().genericKubernetesResources(TopologyKind.context(topology.kind())),
            key,
            () -> find(key));
    var loop = new ObjectLoop(key, tools, this, status);
    loop.start();
    return loop;
  }

  private void forget(TopologyResource object) {
    ObjectLoop loop = loops.remove(object.key());
    if (loop != null) {
      loop.close();
    }
    var labels = new RoutePlan.Labels(topology.kind().labelPrefix(), object.name());
    Thread.ofVirtual()
        .name("topology-withdraw-" + object.key())
        .start(() -> {
          try {
            tools.publisher().withdraw(object.namespace(), labels);
          } catch (RuntimeException e) {
            LOG.warn("labels of deleted topology {} stay on Pods", object.key(), e);
          }
        });
  }

  /** Runs on the informer's thread: only notes what is to be done. */
  private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource raw) {
      if (!closed) {
        var object = new TopologyResource(raw);
        loops.computeIfAbsent(object.key(), KindLoop.this::open).wake();
        statusChanged.accept(object.key());
      }
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
      var object = new TopologyResource(after);
      if (!object.uid().equals(before.getMetadata().getUid())) {
        forget(new TopologyResource(before));
        onAdd(after);
        return;
      }
      ObjectLoop loop = loops.get(object.key());
      if (loop != null) {
        loop.changed(object);
      }
      if (!Objects.equals(
          before.getAdditionalProperties().get("status"),
          after.getAdditionalProperties().get("status"))) {
        statusChanged.accept(object.key());
      }
    }

    @Override
    public void onDelete(@Nullable GenericKubernetesResource raw, boolean unknownLastState) {
      if (raw != null) {
        var object = new TopologyResource(raw);
        forget(object);
        statusChanged.accept(object.key());
      }
    }
  }
}
