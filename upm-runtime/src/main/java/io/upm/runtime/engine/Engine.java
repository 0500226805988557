package io.upm.runtime.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.Problem;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One engine, served by one loaded plugin. Calls cross into the plugin and are counted and
 * contained; a fault arrives as {@link io.upm.host.plugin.PluginFault}.
 */
public interface Engine {
  PluginKey plugin();

  /** Versions of the plugin that are there, newest first. */
  default List<String> versions() {
    return List.of(plugin().version());
  }

  /** The engine as another version of its plugin serves it; empty when that one isn't there. */
  default Optional<Engine> inVersion(String pluginVersion) {
    return pluginVersion.equals(plugin().version()) ? Optional.of(this) : Optional.empty();
  }

  /** The plugin's zip, to be pushed to agents. */
  Path archive();

  EngineDescriptor descriptor();

  ParameterCatalog parameters(EngineVersion version);

  /** What stands in the way of rendering a configuration, such as too little memory. */
  List<Problem> checkConfig(ConfigInput input);

  /**
   * What is wrong with an action's name or parameters.
   *
   * @param parameters JSON object
   */
  List<Problem> checkAction(String action, JsonNode parameters);

  /** How backups are removed, by the name of each action that makes some. */
  Map<String, BackupRemoval> backups();

  /** How backups are proven, by the name of each action that makes such. */
  Map<String, DataCheck> checks();

  /** The actions for databases and users that objects declare; without those it has none for. */
  Map<Subject, Provision> provisions();

  /**
   * The actions that fill an empty data volume: names of their parameters by that of the action.
   */
  Map<String, Set<String>> restorers();

  /** Image of an engine version: the runtime's override if there is one, else the plugin's. */
  String image(EngineVersion version);
}
