package ${package};

import io.upm.spi.Problem;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Renders the configuration. Pure: the same input gives the same bytes, wherever and whenever. */
final class KeyValueConfig implements ConfigRenderer {
  static final String FILE = "store.conf";

  /** An image has its engine's program; this one is too small for an image of its own. */
  static final String PROGRAM = "server.pl";

  private static final Set<String> ON = Set.of("on", "1", "true");

  private final ParameterCatalog catalog;

  KeyValueConfig(ParameterCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public List<Problem> check(ConfigInput input) {
    Limits limits = input.instance().limits();
    return limits.covers(KeyValuePlugin.MINIMUM)
        ? List.of()
        : List.of(
            new Problem(
                "spec.resources.limits",
                limits.toString(),
                KeyValuePlugin.MINIMUM + " or more"));
  }

  @Override
  public List<ConfigFile> render(ConfigInput input) {
    Map<String, String> lines = new TreeMap<>();
    for (Parameter parameter : catalog.all()) {
      String value = input.parameters().getOrDefault(parameter.name(), parameter.defaultValue());
      lines.put(parameter.name(), written(parameter, value));
    }
    lines.put("directory", KeyValueLifecycle.directory(input.instance()).toString());
    lines.put("port", KeyValueLifecycle.port(input.instance()).toString());
    String text =
        lines.entrySet().stream()
            .map(line -> line.getKey() + " = " + line.getValue() + "\n")
            .collect(Collectors.joining());
    return List.of(new ConfigFile(FILE, text, false), new ConfigFile(PROGRAM, program(), false));
  }

  /** The server understands bytes, and ON and OFF; users may write more. */
  private static String written(Parameter parameter, String value) {
    if (parameter.type() == ParameterType.SIZE) {
      return Parameter.bytes(value).map(BigDecimal::toPlainString).orElse(value);
    }
    if (parameter.type() == ParameterType.BOOLEAN) {
      return ON.contains(value.toLowerCase(Locale.ROOT)) ? "ON" : "OFF";
    }
    return value;
  }

  private static String program() {
    try (InputStream program = KeyValueConfig.class.getResourceAsStream("/" + PROGRAM)) {
      return new String(program.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
