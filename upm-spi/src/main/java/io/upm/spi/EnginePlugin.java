package io.upm.spi;

import io.upm.spi.action.AgentAction;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.topology.TopologyManager;
import java.util.List;

/**
 * One database type. The only extension point; found through {@link java.util.ServiceLoader}.
 *
 * <p>An implementation has a public constructor without arguments, is stateless and safe for
 * concurrent calls. Methods are pure unless they say otherwise, and cheap: the host may call them
 * for every reconciliation. A {@link Throwable} that leaves a method is contained by the host and
 * reported against the plugin. New abilities arrive as default methods, so an older plugin keeps
 * working.
 */
public interface EnginePlugin {
  /** Version of this contract; a plugin states the range it needs as {@code plugin.requires}. */
  String SPI_VERSION = "0.1.0";

  /** What this engine is. The same for every call. */
  EngineDescriptor descriptor();

  /**
   * The parameters that a user may set for one engine version.
   *
   * @param version a version that {@link EngineDescriptor#serves(EngineVersion)}
   */
  ParameterCatalog parameters(EngineVersion version);

  /** Renders configuration files; pure. */
  ConfigRenderer config();

  /** Agent side: how an instance is initialised, started, stopped and probed. */
  EngineLifecycle lifecycle(AgentContext context);

  /** Agent side: what can be done beside the database. */
  default List<AgentAction<?>> actions(AgentContext context) {
    return List.of();
  }

  /** Runtime side: managers of replication or clusters, one for each resource kind. */
  default List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
    return List.of();
  }
}
