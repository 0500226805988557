package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.upm.runtime.agent.UnitKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kinds that are managed while this process leads. Follows the catalogue: kinds begin, go on
 * with another plugin version, and end. What a removed plugin managed is left as it is.
 */
final class ManagedKinds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagedKinds.class);

  private final TopologyCatalog catalog;
  private final Supplier<Tools> makeTools;
  private final BiConsumer<String, ObjectKey> statusChanged;
  private final Map<String, KindLoop> kinds = new ConcurrentHashMap<>();
  private final Semaphore refresh = new Semaphore(1);
  private final Thread thread;

  /**
   * @param makeTools makes what the loops use; its caches are started here
   * @param statusChanged told kind and object after each change of an object's status
   */
  ManagedKinds(
      TopologyCatalog catalog,
      Supplier<Tools> makeTools,
      BiConsumer<String, ObjectKey> statusChanged) {
    this.catalog = catalog;
    this.makeTools = makeTools;
    this.statusChanged = statusChanged;
    this.thread = Thread.ofVirtual().name("topologies").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Has the catalogue looked at again. */
  void refresh() {
    refresh.release();
  }

  Optional<TopologyResource> find(String kind, ObjectKey key) {
    return Optional.ofNullable(kinds.get(kind)).flatMap(loop -> loop.find(key));
  }

  void wake(UnitKey unit) {
    kinds.values().forEach(kind -> kind.wake(unit));
  }

  /** Wakes the loop that a Service or EndpointSlice was made by. */
  void wakeOwner(HasMetadata child) {
    kinds.forEach((name, kind) -> Children.ownerOf(child, name).ifPresent(kind::wake));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var pace = new Pace();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        manage(makeTools.get());
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.error("topologies are not managed for now", e);
      }
      try {
        Thread.sleep(pace.afterFailure());
        refresh();
      } catch (InterruptedException e) {
        break;
      }
    }
    LOG.info("topologies are no longer managed here");
  }

  private void manage(Tools tools) throws InterruptedException {
    try {
      tools.caches().start();
      while (true) {
        refresh.acquire();
        refresh.drainPermits();
        follow(tools);
      }
    } finally {
      kinds.values().forEach(KindLoop::close);
      kinds.clear();
      tools.caches().close();
    }
  }

  private void follow(Tools tools) {
    Map<String, ManagedTopology> wanted = catalog.all();
    Set<String> ended = new TreeSet<>(kinds.keySet());
    ended.removeAll(wanted.keySet());
    for (String kind : ended) {
      KindLoop loop = kinds.remove(kind);
      if (loop != null) {
        LOG.info("no plugin manages {} any more: its topologies are left as they are", kind);
        loop.close();
      }
    }
    wanted.forEach((kind, topology) -> follow(tools, kind, topology));
  }

  private void follow(Tools tools, String kind, ManagedTopology topology) {
    KindLoop loop = kinds.get(kind);
    if (loop == null) {
      var fresh =
          new KindLoop(topology, tools, key -> statusChanged.accept(kind, key), catalog::chosen);
      kinds.put(kind, fresh);
      fresh.start();
      fresh.tries(catalog.tried(kind));
    } else if (loop.topology() != topology) {
      loop.swap(topology);
      loop.tries(catalog.tried(kind));
    } else {
      loop.tries(catalog.tried(kind));
    }
  }
}
