package io.upm.runtime.toy;

import io.upm.spi.EnginePlugin;
import io.upm.spi.RuntimeContext;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.topology.TopologyManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A toy without a flaw, for tests of what becomes of builds. Its zip says in {@code toy-majors}
 * which major versions it serves.
 */
public final class SoundToyPlugin implements EnginePlugin {
  private final ToyPlugin toy = new ToyPlugin();

  @Override
  public EngineDescriptor descriptor() {
    var descriptor = EngineDescriptor.of("toy", "Toy");
    for (String major : majors()) {
      int next = Integer.parseInt(major) + 1;
      descriptor.series(EngineSeries.of(major + ".x", major + ".0", next + ".0", "toy:{version}"));
    }
    return descriptor
        .port(new Port("toy", 4000, true))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .build();
  }

  private String[] majors() {
    try (InputStream file = getClass().getResourceAsStream("/toy-majors")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip().split(" ");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return ParameterCatalog.of(List.of());
  }

  @Override
  public ConfigRenderer config() {
    return toy.config();
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return toy.lifecycle(context);
  }

  @Override
  public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
    return List.of();
  }
}
