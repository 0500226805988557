package io.upm.runtime.engine;

import io.upm.host.plugin.PluginKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The breaker of each build. */
final class Breakers {
  private final Map<PluginKey, Breaker> breakers = new ConcurrentHashMap<>();
  private final List<Consumer<PluginKey>> listeners = new CopyOnWriteArrayList<>();

  Breaker of(PluginKey key) {
    return breakers.computeIfAbsent(key, one -> new Breaker(() -> tripped(one)));
  }

  /** Calls the listener when a build's breaker trips. */
  void onTrip(Consumer<PluginKey> listener) {
    listeners.add(listener);
  }

  private void tripped(PluginKey key) {
    listeners.forEach(listener -> listener.accept(key));
  }
}
