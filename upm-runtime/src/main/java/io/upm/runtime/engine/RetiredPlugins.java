package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.leak.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees plugins off that serve no longer: calls inside them end, then they are unloaded. */
final class RetiredPlugins implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetiredPlugins.class);

  /** How long between two looks at a plugin that is still busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final PluginHost host;
  private final Path room;
  private final Duration patience;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("retired-plugin-", 0).factory());

  private final Map<PluginKey, LoadedPlugin> last = new ConcurrentHashMap<>();
  private final Map<PluginKey, String> holders = new ConcurrentHashMap<>();
  private final List<Consumer<PluginKey>> listeners = new CopyOnWriteArrayList<>();

  /**
   * Sees off what a host loaded.
   *
   * @param room where a dump of the heap can be, should a plugin stay in memory
   * @param patience how long its memory may take to be free
   */
  RetiredPlugins(PluginHost host, Path room, Duration patience) {
    this.host = host;
    this.room = room;
    this.patience = patience;
  }

  /** What holds a build in memory that should be gone; empty while that isn't known. */
  Optional<String> holder(PluginKey key) {
    return Optional.ofNullable(holders.get(key));
  }

  /** Calls the listener when a plugin came further on its way. */
  void onChange(Consumer<PluginKey> listener) {
    listeners.add(listener);
  }

  /** A build as it was retired last; its code is gone from it once it is unloaded. */
  Optional<LoadedPlugin> last(PluginKey key) {
    return Optional.ofNullable(last.get(key));
  }

  void add(LoadedPlugin plugin) {
    last.put(plugin.key(), plugin);
    holders.remove(plugin.key());
    threads.execute(() -> seeOff(plugin));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void seeOff(LoadedPlugin plugin) {
    try {
      if (!plugin.drain(Duration.ZERO)) {
        tell(plugin);
      }
      while (!plugin.drain(PATIENCE)) {
        tell(plugin);
        LOG.warn("retired plugin {} is still busy with {}", plugin.key(), plugin.running());
      }
      plugin.unload();
      host.prune();
      tell(plugin);
      if (plugin.reclaimed(patience)) {
        LOG.info("plugin {} is gone", plugin.key());
      } else {
        look(plugin);
      }
      tell(plugin);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.warn("retired plugin {} stays loaded: {}", plugin.key(), e.getMessage());
    }
  }

  /** Once for each leak: it stops the process for a moment, and costs as much room as the heap. */
  private void look(LoadedPlugin plugin) {
    try {
      Optional<String> holder = Retention.explain(plugin.remains(), room);
      holder.ifPresent(one -> holders.put(plugin.key(), one));
      LOG.warn(
          "plugin {} is unloaded, but still in memory; held by: {}",
          plugin.key(),
          holder.orElse("nothing that was found"));
    } catch (IOException e) {
      LOG.warn(
          "plugin {} is unloaded, but still in memory; what holds it can't be found: {}",
          plugin.key(),
          e.getMessage());
    }
  }

  private void tell(LoadedPlugin plugin) {
    listeners.forEach(listener -> listener.accept(plugin.key()));
  }
}
