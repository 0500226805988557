package io.upm.testkit;

import io.upm.spi.EnginePlugin;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.topology.TopologyManager;
import java.util.List;
import java.util.Map;

/** What the contract has to know of a plugin that the plugin does not say of itself. */
public interface PluginUnderTest {
  /** A new instance for each call, made by the constructor that the host will call. */
  EnginePlugin plugin();

  /** Engine versions to try; the first of each series unless overridden. */
  default List<EngineVersion> versions() {
    return plugin().descriptor().series().stream().map(EngineSeries::since).toList();
  }

  /** Environment variables of a usual UnitSet. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /**
   * Manifests of the plugin's topologies as its documentation shows them, in YAML; at least one for
   * each kind.
   */
  default List<String> documentedManifests() {
    return List.of();
  }

  /**
   * Observations to decide and report on, beside the one in which no node can be reached: such as
   * each state that a node can be in.
   *
   * @return observations of the manager's own type
   */
  default List<?> observations(TopologyManager<?, ?> manager, Record spec) {
    return List.of();
  }
}
