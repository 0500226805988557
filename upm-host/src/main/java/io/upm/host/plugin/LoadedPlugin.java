package io.upm.host.plugin;

import io.upm.spi.EnginePlugin;
import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineDescriptor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to a plugin. Every call is counted, runs with the plugin's class loader as context
 * loader, and lets nothing but {@link PluginException} and {@link PluginFault} out.
 *
 * <p>Safe for concurrent use. Where the host {@linkplain Containment contains} it, its code runs on
 * threads of its own, and callers wait only so long. Elsewhere call from virtual threads: what a
 * plugin's libraries leave in thread locals ends with the thread. No object or class of the plugin
 * may be kept outside this handle; what must live longer than a call is {@linkplain #hold held}.
 */
public final class LoadedPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedPlugin.class);

  private final PluginKey key;
  private final EngineDescriptor descriptor;
  private final LoaderReference loader;
  private final Consumer<LoadedPlugin> onUnload;
  private final @Nullable PluginRoom room;
  private final CallGate gate = new CallGate();
  private final Map<String, Integer> faults = new ConcurrentHashMap<>();
  private final Set<PluginObject<?>> held = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lifecycle = new ReentrantLock();
  private volatile @Nullable Contents contents;
  private volatile PluginPhase phase = PluginPhase.ACTIVE;

  /**
   * What is let go at unload. The codec is made when it is first asked for: an agent that converts
   * no records should not hold all the classes that it takes.
   */
  static final class Contents {
    private final PluginManager manager;
    private final EnginePlugin plugin;
    private @Nullable RecordCodec codec;

    Contents(PluginManager manager, EnginePlugin plugin) {
      this.manager = manager;
      this.plugin = plugin;
    }

    PluginManager manager() {
      return manager;
    }

    EnginePlugin plugin() {
      return plugin;
    }

    synchronized RecordCodec codec() {
      RecordCodec made = codec;
      if (made == null) {
        made = new RecordCodec(plugin.getClass().getClassLoader());
        codec = made;
      }
      return made;
    }
  }

  LoadedPlugin(
      PluginKey key,
      EngineDescriptor descriptor,
      Contents contents,
      @Nullable PluginRoom room,
      Consumer<LoadedPlugin> onUnload) {
    this.key = key;
    this.room = room;
    this.descriptor = descriptor;
    this.contents = contents;
    this.loader = new LoaderReference(contents.plugin().getClass().getClassLoader());
    this.onUnload = onUnload;
  }

  public PluginKey key() {
    return key;
  }

  /** The plugin's descriptor, read once when it was loaded; stays valid after unload. */
  public EngineDescriptor descriptor() {
    return descriptor;
  }

  public PluginPhase phase() {
    return phase;
  }

  /** Calls that are inside the plugin now. */
  public int inFlight() {
    return gate.inFlight();
  }

  /** Names of the operations that are inside the plugin now. */
  public List<String> running() {
    return gate.running();
  }

  /**
   * Faults in a row of the operation that fails most. A call that returns, or ends with a {@link
   * PluginException} that is not INTERNAL, ends the row of its operation.
   */
  public int faults() {
    return faults.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Faults in a row of one operation. */
  public int faults(String operation) {
    return faults.getOrDefault(operation, 0);
  }

  /**
   * Converts between records of the plugin and JSON.
   *
   * @throws PluginDrainedException once the plugin is unloaded
   */
  public RecordCodec codec() {
    return contents("codec").codec();
  }

  /**
   * Calls the plugin.
   *
   * @param operation what is asked, for messages and counts, such as {@code decide}
   * @throws PluginDrainedException when the plugin takes no new call
   * @throws PluginException when the plugin says so
   * @throws PluginFault when anything else left the plugin
   */
  public <T> T call(String operation, PluginCall<T> call) {
    return counted(operation, () -> call.on(contents(operation).plugin()));
  }

  /** As {@link #call}, without a result. */
  public void run(String operation, PluginAction action) {
    call(
        operation,
        plugin -> {
          action.on(plugin);
          return true;
        });
  }

  /**
   * Makes an object of the plugin that lives longer than a call, such as a topology manager. It is
   * closed, if it can be, and let go when the plugin is unloaded.
   */
  public <T> PluginObject<T> hold(String operation, Function<EnginePlugin, T> maker) {
    return call(
        operation,
        plugin -> {
          var object = new PluginObject<>(this, maker.apply(plugin));
          held.add(object);
          return object;
        });
  }

  /**
   * Runs code that the plugin handed to the host during a call, on another thread: counted and
   * contained as a call of its own. Goes on while the plugin drains, as long as a call is inside.
   */
  public <T> T callback(String operation, Callable<T> code) {
    Supplier<T> work = () -> entered(operation, CallGate.Entry.WITHIN, code);
    PluginRoom own = room;
    return own == null ? work.get() : own.here(work);
  }

  /**
   * Runs work that calls this plugin on a thread of the plugin, and waits so long for it.
   *
   * @throws StuckCallException when it takes longer; it was interrupted then
   * @throws IllegalStateException when the host does not contain its plugins
   */
  public <T> T within(String operation, Duration limit, Supplier<T> work)
      throws InterruptedException {
    PluginRoom own = room;
    if (own == null) {
      throw new IllegalStateException("this host has no threads for plugins");
    }
    try {
      return own.within(operation, limit, work);
    } catch (StuckCallException e) {
      count(operation, true);
      throw e;
    }
  }

  /**
   * What the plugin does that it should not, as far as its host noticed: calls that don't end, too
   * much in the log. Stays the same as long as that does.
   */
  public Optional<String> trouble() {
    PluginRoom own = room;
    return own == null ? Optional.empty() : own.trouble();
  }

  /**
   * Takes no new call from now on, and waits for those that are inside. May be repeated.
   *
   * @return whether none is left
   */
  public boolean drain(Duration limit) throws InterruptedException {
    lifecycle.lock();
    try {
      gate.shut();
      if (phase == PluginPhase.ACTIVE) {
        phase = PluginPhase.DRAINING;
      }
    } finally {
      lifecycle.unlock();
    }
    return gate.awaitEmpty(limit);
  }

  /**
   * Lets go of the plugin and closes its class loader. Takes no new call from now on, whatever
   * comes of it.
   *
   * @throws IllegalStateException when calls are inside; drain first
   */
  public void unload() {
    lifecycle.lock();
    try {
      gate.shut();
      Contents last = contents;
      if (last == null) {
        return;
      }
      phase = PluginPhase.DRAINING;
      if (gate.inFlight() > 0) {
        throw new IllegalStateException(
            "plugin %s is still busy with %s".formatted(key, gate.running()));
      }
      held.forEach(PluginObject::close);
      contents = null;
      ResourceBundle.clearCache(last.plugin().getClass().getClassLoader());
      last.manager().unloadPlugin(key.id());
      phase = PluginPhase.UNLOADED;
    } finally {
      lifecycle.unlock();
    }
    onUnload.accept(this);
  }

  /**
   * Whether nothing of the unloaded plugin is left in memory; collects garbage until that is so or
   * the time is over. The phase becomes RECLAIMED or LEAKED. May be repeated.
   *
   * @throws IllegalStateException when the plugin was not unloaded
   */
  public boolean reclaimed(Duration limit) throws InterruptedException {
    if (contents != null) {
      throw new IllegalStateException("plugin %s is not unloaded".formatted(key));
    }
    boolean gone = loader.awaitCollected(limit);
    phase = gone ? PluginPhase.RECLAIMED : PluginPhase.LEAKED;
    return gone;
  }

  /** The plugin's class loader as long as something holds it, for who looks for what that is. */
  public WeakReference<ClassLoader> remains() {
    return loader.weak();
  }

  <T> T counted(String operation, Callable<T> code) {
    return awaited(operation, () -> entered(operation, CallGate.Entry.NEW, code));
  }

  /** Closes an object of the plugin, also when the gate is shut. A failure is logged. */
  void closing(String operation, AutoCloseable object) {
    try {
      awaited(
          operation,
          () ->
              entered(
                  operation,
                  CallGate.Entry.LAST,
                  () -> {
                    object.close();
                    return true;
                  }));
    } catch (PluginException | PluginFault e) {
      LOG.warn("{} of an object of plugin {} failed", operation, key, e);
    }
  }

  void letGo(PluginObject<?> object) {
    held.remove(object);
  }

  /** On a thread of the plugin, unless this is one. */
  private <T> T awaited(String operation, Supplier<T> work) {
    PluginRoom own = room;
    if (own == null || own.isHere()) {
      return work.get();
    }
    try {
      return own.call(operation, work);
    } catch (StuckCallException e) {
      count(operation, true);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginFault(key, operation, e);
    }
  }

  private <T> T entered(String operation, CallGate.Entry entry, Callable<T> code) {
    if (!gate.enter(operation, entry)) {
      throw new PluginDrainedException(key, operation);
    }
    try {
      return contained(operation, code);
    } finally {
      gate.leave(operation);
    }
  }

  private <T> T contained(String operation, Callable<T> code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      thread.setContextClassLoader(loader.get());
      T result = code.call();
      faults.remove(operation);
      return result;
    } catch (PluginException e) {
      count(operation, e.kind() == PluginException.Kind.INTERNAL);
      throw Detached.copyOf(e);
    } catch (PluginDrainedException | PluginFault e) {
      // From a call within this one, which was counted there.
      throw e;
    } catch (InterruptedException e) {
      thread.interrupt();
      throw new PluginFault(key, operation, e);
    } catch (Throwable e) {
      // A full stack and an exhausted heap too: what the call had piled up is free again by now.
      count(operation, true);
      throw new PluginFault(key, operation, e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void count(String operation, boolean fault) {
    if (fault) {
      faults.merge(operation, 1, Integer::sum);
    } else {
      faults.remove(operation);
    }
  }

  private Contents contents(String operation) {
    Contents current = contents;
    if (current == null) {
      throw new PluginDrainedException(key, operation);
    }
    return current;
  }
}
