package io.upm.host.plugin;

import io.upm.spi.EnginePlugin;

/** A {@link PluginCall} without a result. */
@FunctionalInterface
public interface PluginAction {
  /**
   * Asks it.
   *
   * @throws Exception contained by the host and reported as a {@link PluginFault}
   */
  void on(EnginePlugin plugin) throws Exception;
}
