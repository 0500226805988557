package ${package};

import io.upm.spi.EnginePlugin;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import java.util.List;

/** What the engine is: versions, port, volume, parameters. Found through {@code META-INF/services}. */
public final class KeyValuePlugin implements EnginePlugin {
  static final Port PORT = new Port("keyvalue", 7070, true);

  /** The agent takes some 80 MiB of it. */
  static final Limits MINIMUM = new Limits(192L << 20, 50);

  private static final EngineDescriptor DESCRIPTOR =
      EngineDescriptor.of("${artifactId}", "Key-value store")
          // Any version from 12 up to, but not including, 14; its image is the official one of Debian.
          .series(EngineSeries.of("12", "12", "13", "debian:{version}"))
          .series(EngineSeries.of("13", "13", "14", "debian:{version}"))
          .port(PORT)
          .volume(new Volume("data", Volume.Purpose.DATA, true))
          .userId(1000)
          .minimum(MINIMUM)
          .build();

  private static final ParameterCatalog PARAMETERS =
      ParameterCatalog.of(
          List.of(
              Parameter.named("max-keys", ParameterType.INTEGER)
                  .range(Parameter.Range.between(1, 100_000_000))
                  .defaultValue("1000000")
                  .impact(Impact.RESTART)
                  .describe("How many keys are taken; more are refused."),
              Parameter.named("max-value-size", ParameterType.SIZE)
                  .range(Parameter.Range.between(1, 64L << 20))
                  .defaultValue("1M")
                  .impact(Impact.RESTART)
                  .describe("Longest value that is taken."),
              Parameter.named("sync", ParameterType.BOOLEAN)
                  .defaultValue("ON")
                  .impact(Impact.RESTART)
                  .describe("Whether a change is on disk before it is acknowledged.")));

  @Override
  public EngineDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return PARAMETERS;
  }

  @Override
  public ConfigRenderer config() {
    return new KeyValueConfig(PARAMETERS);
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return new KeyValueLifecycle();
  }
}
