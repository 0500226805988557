package io.upm.host.plugin;

import io.upm.spi.EnginePlugin;
import io.upm.spi.engine.EngineDescriptor;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads plugins, each build in a class loader of its own. Versions of one plugin, and builds of one
 * version, live side by side.
 *
 * <p>Safe for concurrent use; loading is one at a time.
 */
public final class PluginHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);
  private static final Duration LAST_CALLS = Duration.ofSeconds(10);

  private final Path workDirectory;
  private final String spiVersion;
  private final Optional<Containment> containment;
  private final List<Consumer<PluginKey>> listeners = new CopyOnWriteArrayList<>();
  private final ExpandedArchives expanded;
  private final Map<PluginKey, LoadedPlugin> active = new ConcurrentHashMap<>();
  private final ReentrantLock loading = new ReentrantLock();

  /**
   * @param workDirectory where zips are expanded; belongs to this host alone
   * @param spiVersion {@link EnginePlugin#SPI_VERSION} of this host
   */
  public PluginHost(Path workDirectory, String spiVersion) {
    this(workDirectory, spiVersion, Optional.empty());
  }

  /**
   * A host that serves more than one engine.
   *
   * @param containment how far each plugin is kept from the others; without, plugins run on the
   *     threads of who calls them
   */
  public PluginHost(Path workDirectory, String spiVersion, Optional<Containment> containment) {
    if (spiVersion.equals("0.0.0")) {
      throw new IllegalArgumentException("with version 0.0.0 pf4j would not check any range");
    }
    this.containment = containment;
    this.workDirectory = workDirectory;
    this.spiVersion = spiVersion;
    this.expanded = new ExpandedArchives(workDirectory);
    // The first use of the driver manager looks for drivers with the context class loader of that
    // moment and keeps what it finds for ever: let that not be a plugin's.
    DriverManager.drivers().close();
  }

  /**
   * Loads a plugin and asks it for its descriptor. A build that is loaded and active is not loaded
   * again.
   *
   * @throws PluginLoadException when it can't be loaded: wrong SPI range, no or several {@link
   *     EnginePlugin}s, classes missing, constructor or descriptor failing
   */
  public LoadedPlugin load(PluginArchive archive) {
    loading.lock();
    try {
      LoadedPlugin loaded = active.get(archive.key());
      if (loaded != null && loaded.phase() == PluginPhase.ACTIVE) {
        return loaded;
      }
      LoadedPlugin fresh = admit(archive);
      active.put(archive.key(), fresh);
      LOG.info("loaded plugin {}", archive.key());
      return fresh;
    } finally {
      loading.unlock();
    }
  }

  /** Plugins that are loaded and not unloaded. */
  public List<LoadedPlugin> loaded() {
    return List.copyOf(active.values());
  }

  /** Deletes expanded archives of plugins that are not loaded. */
  public void prune() {
    loading.lock();
    try {
      expanded.keepOnly(active.keySet());
    } finally {
      loading.unlock();
    }
  }

  /** Drains and unloads every plugin; one whose calls do not end within ten seconds is left. */
  @Override
  public void close() {
    for (LoadedPlugin plugin : loaded()) {
      try {
        plugin.drain(LAST_CALLS);
        plugin.unload();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IllegalStateException e) {
        LOG.warn("left loaded: {}", e.getMessage());
      }
    }
  }

  /** Calls the listener when {@link LoadedPlugin#trouble} of a plugin may have changed. */
  public void onTrouble(Consumer<PluginKey> listener) {
    listeners.add(listener);
  }

  /** Whether plugins that are contained have processors of their own in this process. */
  public static boolean separatesProcessors() {
    return PluginThreads.separate();
  }

  /** Its code runs in a room of its own from the first line on. */
  private LoadedPlugin admit(PluginArchive archive) {
    if (containment.isEmpty()) {
      return open(archive, null);
    }
    PluginKey key = archive.key();
    var room = new PluginRoom(key, containment.get(), () -> tell(key));
    try {
      return room.within("load", containment.get().load(), () -> open(archive, room));
    } catch (StuckCallException e) {
      throw new PluginLoadException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginLoadException("plugin %s: loading was interrupted".formatted(key), e);
    }
  }

  private void tell(PluginKey key) {
    listeners.forEach(listener -> listener.accept(key));
  }

  private LoadedPlugin open(PluginArchive archive, @Nullable PluginRoom room) {
    Path directory = expanded.of(archive);
    var manager = new IsolatedPlugins(workDirectory, spiVersion);
    PluginKey key = archive.key();
    boolean done = false;
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      manager.loadPlugin(directory);
      if (manager.getPlugin(key.id()).getPluginState() == PluginState.DISABLED) {
        throw new PluginLoadException(
            "plugin %s needs SPI %s, this host has %s"
                .formatted(key, archive.requires(), spiVersion),
            null);
      }
      ClassLoader loader = manager.getPluginClassLoader(key.id());
      thread.setContextClassLoader(loader);
      EnginePlugin plugin = onlyOne(key, loader);
      EngineDescriptor descriptor = plugin.descriptor();
      var contents = new LoadedPlugin.Contents(manager, plugin);
      done = true;
      return new LoadedPlugin(key, descriptor, contents, room, this::forget);
    } catch (PluginLoadException e) {
      throw e;
    } catch (Throwable e) {
      throw new PluginLoadException(
          "plugin %s can't be loaded: %s".formatted(key, Detached.summary(e)), Detached.copyOf(e));
    } finally {
      thread.setContextClassLoader(before);
      if (!done) {
        manager.unloadPlugins();
      }
    }
  }

  private void forget(LoadedPlugin plugin) {
    active.remove(plugin.key(), plugin);
  }

  private static EnginePlugin onlyOne(PluginKey key, ClassLoader loader) {
    List<ServiceLoader.Provider<EnginePlugin>> found;
    try {
      found = ServiceLoader.load(EnginePlugin.class, loader).stream().toList();
    } catch (ServiceConfigurationError e) {
      throw new PluginLoadException(
          "plugin %s can't be loaded: %s".formatted(key, Detached.summary(e)), Detached.copyOf(e));
    }
    if (found.size() != 1) {
      throw new PluginLoadException(
          found.isEmpty()
              ? "plugin %s names no EnginePlugin in META-INF/services/%s"
                  .formatted(key, EnginePlugin.class.getName())
              : "plugin %s has more than one EnginePlugin: %s"
                  .formatted(key, found.stream().map(one -> one.type().getName()).toList()),
          null);
    }
    return found.getFirst().get();
  }
}
