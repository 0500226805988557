package io.upm.runtime.toy;

import io.upm.spi.EnginePlugin;
import io.upm.spi.Problem;
import io.upm.spi.RuntimeContext;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A toy without a flaw, for tests of what becomes of builds. Its zip says in {@code toy-majors}
 * which major versions it serves, in {@code toy-parameters} which parameters they have, each with
 * its default as {@code name=1}, in {@code toy-image} from where their images are, and in {@code
 * toy-fails} for which version it fails.
 */
public final class SoundToyPlugin implements EnginePlugin {
  private final ToyPlugin toy = new ToyPlugin();

  @Override
  public EngineDescriptor descriptor() {
    var descriptor = EngineDescriptor.of("toy", "Toy");
    String image = text("toy-image").isEmpty() ? "toy" : text("toy-image");
    for (String major : text("toy-majors").split(" ")) {
      int next = Integer.parseInt(major) + 1;
      descriptor.series(
          EngineSeries.of(major + ".x", major + ".0", next + ".0", image + ":{version}"));
    }
    return descriptor
        .port(new Port("toy", 4000, true))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .build();
  }

  private String text(String name) {
    try (InputStream file = getClass().getResourceAsStream("/" + name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> defaults() {
    var defaults = new TreeMap<String, String>();
    text("toy-parameters")
        .lines()
        .map(line -> line.split("="))
        .forEach(pair -> defaults.put(pair[0], pair[1]));
    return defaults;
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    if (text("toy-fails").equals(version.toString())) {
      throw new IllegalStateException("no parameters of " + version);
    }
    return ParameterCatalog.of(
        defaults().entrySet().stream()
            .map(one ->
                Parameter.named(one.getKey(), ParameterType.INTEGER)
                    .defaultValue(one.getValue())
                    .describe("One."))
            .toList());
  }

  @Override
  public ConfigRenderer config() {
    return new ConfigRenderer() {
      @Override
      public List<Problem> check(ConfigInput input) {
        return toy.config().check(input);
      }

      @Override
      public List<ConfigFile> render(ConfigInput input) {
        Map<String, String> values = defaults();
        values.putAll(input.parameters());
        return List.of(
            new ConfigFile(
                "toy.conf",
                values.entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue() + "\n")
                    .collect(Collectors.joining()),
                false));
      }
    };
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
