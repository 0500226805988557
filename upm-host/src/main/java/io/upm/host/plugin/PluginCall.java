package io.upm.host.plugin;

import io.upm.spi.EnginePlugin;

/**
 * Something asked of a plugin. What it returns must not outlive the plugin unless it is of the SPI.
 */
@FunctionalInterface
public interface PluginCall<T> {
  /**
   * Asks it.
   *
   * @throws Exception contained by the host and reported as a {@link PluginFault}
   */
  T on(EnginePlugin plugin) throws Exception;
}
