package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginHost;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees plugins off that serve no longer: calls inside them end, then they are unloaded. */
final class RetiredPlugins implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetiredPlugins.class);

  /** How long between two looks at a plugin that is still busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration RECLAIM = Duration.ofSeconds(60);

  private final PluginHost host;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("retired-plugin-", 0).factory());

  RetiredPlugins(PluginHost host) {
    this.host = host;
  }

  void add(LoadedPlugin plugin) {
    threads.execute(() -> seeOff(plugin));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void seeOff(LoadedPlugin plugin) {
    try {
      while (!plugin.drain(PATIENCE)) {
        LOG.warn("retired plugin {} is still busy with {}", plugin.key(), plugin.running());
      }
      plugin.unload();
      host.prune();
      if (plugin.reclaimed(RECLAIM)) {
        LOG.info("plugin {} is gone", plugin.key());
      } else {
        LOG.warn("plugin {} is unloaded, but something still refers to it", plugin.key());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.warn("retired plugin {} stays loaded: {}", plugin.key(), e.getMessage());
    }
  }
}
