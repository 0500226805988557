package io.upm.agent.plugin;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginObject;
import io.upm.spi.instance.EngineLifecycle;

/**
 * The plugin in use.
 *
 * @param plugin the plugin
 * @param lifecycle its life cycle for this instance
 */
public record ActivePlugin(LoadedPlugin plugin, PluginObject<EngineLifecycle> lifecycle) {
  public PluginKey key() {
    return plugin.key();
  }
}
