package ${package};

import io.upm.spi.EnginePlugin;
import io.upm.testkit.EnginePluginContract;

/** The TCK; a method of {@code PluginUnderTest} says more of a plugin that has more, such as topologies. */
class TckTest extends EnginePluginContract {
  @Override
  public EnginePlugin plugin() {
    return new KeyValuePlugin();
  }
}
