package io.upm.runtime.toy;

import io.upm.spi.EnginePlugin;
import io.upm.spi.Problem;
import io.upm.spi.RuntimeContext;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Mode;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.topology.TopologyManager;
import java.util.List;

/** An engine for tests. Is put into a zip and loaded from there. */
public final class ToyPlugin implements EnginePlugin {
  @Override
  public EngineDescriptor descriptor() {
    return EngineDescriptor.of("toy", "Toy")
        .series(EngineSeries.of("1.x", "1.0", "2.0", "toy:{version}"))
        .series(EngineSeries.of("2.x", "2.0", "3.0", "toy:{version}"))
        .port(new Port("toy", 4000, true))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .mode(new Mode("pair", 1, "ToyReplication", "one takes writes, the others follow"))
        .build();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    if (version.at(0) == 2) {
      throw new StackOverflowError("2.x has no parameters");
    }
    return ParameterCatalog.of(List.of());
  }

  @Override
  public ConfigRenderer config() {
    return new ConfigRenderer() {
      @Override
      public List<Problem> check(ConfigInput input) {
        return input.instance().limits().covers(new Limits(64 << 20, 0))
            ? List.of()
            : List.of(new Problem("spec.resources.limits.memory", "", "at least 64Mi"));
      }

      @Override
      public List<ConfigFile> render(ConfigInput input) {
        throw new UnsupportedOperationException("never started");
      }
    };
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    throw new UnsupportedOperationException("never started");
  }

  @Override
  public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
    return List.of(new ToyManager());
  }
}
