package io.upm.runtime.engine;

import io.upm.host.plugin.PluginKey;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import java.nio.file.Path;
import java.util.List;

/**
 * One engine, served by one loaded plugin. Calls cross into the plugin and are counted and
 * contained; a fault arrives as {@link io.upm.host.plugin.PluginFault}.
 */
public interface Engine {
  PluginKey plugin();

  /** The plugin's zip, to be pushed to agents. */
  Path archive();

  EngineDescriptor descriptor();

  ParameterCatalog parameters(EngineVersion version);

  /** What stands in the way of rendering a configuration, such as too little memory. */
  List<Problem> checkConfig(ConfigInput input);

  /** Image of an engine version: the runtime's override if there is one, else the plugin's. */
  String image(EngineVersion version);
}
