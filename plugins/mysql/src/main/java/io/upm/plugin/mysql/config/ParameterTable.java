package io.upm.plugin.mysql.config;

import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.EngineVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code parameters.table}; the file itself says how its lines are written. */
final class ParameterTable {
  private static final String FILE = "parameters.table";
  private static final Pattern COLUMN = Pattern.compile("\\|");
  private static final Pattern BOUNDS = Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private ParameterTable() {}

  static List<Parameter> read() {
    try (InputStream file = ParameterTable.class.getResourceAsStream(FILE)) {
      String text =
          new String(Objects.requireNonNull(file, FILE).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(ParameterTable::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Parameter parse(String line) {
    String[] columns = COLUMN.split(line, -1);
    if (columns.length != 8) {
      throw new IllegalStateException("parameter table, not 8 columns: " + line);
    }
    ParameterType type = ParameterType.valueOf(columns[1].strip());
    return Parameter.named(columns[0].strip(), type)
        .unit(columns[2].strip())
        .range(range(columns[3].strip()))
        .defaultValue(columns[4].strip())
        .impact(Impact.valueOf(columns[5].strip().toUpperCase(Locale.ROOT)))
        .served(served(columns[6].strip()))
        .describe(columns[7].strip());
  }

  private static Parameter.Range range(String text) {
    if (text.equals("-")) {
      return Parameter.Range.ANY;
    }
    var bounds = BOUNDS.matcher(text);
    return bounds.matches()
        ? Parameter.Range.between(bounds.group(1), bounds.group(2))
        : Parameter.Range.oneOf(BLANKS.split(text));
  }

  private static Parameter.Served served(String text) {
    if (text.equals("-")) {
      return Parameter.Served.ALWAYS;
    }
    int dots = text.indexOf("..");
    return new Parameter.Served(
        version(text.substring(0, dots)), version(text.substring(dots + 2)));
  }

  private static @Nullable EngineVersion version(String text) {
    return text.isEmpty() ? null : EngineVersion.parse(text);
  }
}
