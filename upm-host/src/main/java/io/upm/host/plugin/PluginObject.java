package io.upm.host.plugin;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object of a plugin that lives longer than a call. Used only through its plugin's gate; let go
 * when the plugin is unloaded, whoever still has this handle.
 */
public final class PluginObject<T> implements AutoCloseable {
  private final LoadedPlugin plugin;
  private final AtomicReference<@Nullable T> object;

  PluginObject(LoadedPlugin plugin, T object) {
    this.plugin = plugin;
    this.object = new AtomicReference<>(object);
  }

  /**
   * Calls the object, as {@link LoadedPlugin#call} calls the plugin.
   *
   * @throws PluginDrainedException also when the object was let go
   */
  public <R> R call(String operation, Function<? super T, R> use) {
    return plugin.counted(
        operation,
        () -> {
          T current = object.get();
          if (current == null) {
            throw new PluginDrainedException(plugin.key(), operation);
          }
          return use.apply(current);
        });
  }

  /** As {@link #call}, without a result. */
  public void run(String operation, Consumer<? super T> use) {
    call(
        operation,
        current -> {
          use.accept(current);
          return true;
        });
  }

  /** Whether the object can still be called, as far as this handle goes. */
  public boolean isOpen() {
    return object.get() != null;
  }

  /**
   * Lets go of the object, and closes it if it can be closed. A failure is logged. May be repeated.
   */
  @Override
  public void close() {
    plugin.letGo(this);
    T last = object.getAndSet(null);
    if (last instanceof AutoCloseable closeable) {
      plugin.closing("close", closeable);
    }
  }
}
