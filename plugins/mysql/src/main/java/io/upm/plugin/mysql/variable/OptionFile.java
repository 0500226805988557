package io.upm.plugin.mysql.variable;

import io.upm.plugin.mysql.DataLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an option file that UPM wrote says to the server (<a
 * href="https://dev.mysql.com/doc/refman/8.4/en/option-files.html">manual, 6.2.2.2</a>).
 */
final class OptionFile {
  private static final String SERVER = "[mysqld]";
  private static final String LOOSE = "loose_";

  /** Of these, each line counts, not only the last. */
  private static final String PLUGINS = "plugin_load_add";

  private final SortedMap<String, String> options;

  private OptionFile(SortedMap<String, String> options) {
    this.options = options;
  }

  /** The one in a configuration directory. */
  static OptionFile in(Path configuration) {
    try {
      return parse(Files.readString(configuration.resolve(DataLayout.OPTIONS)));
    } catch (IOException e) {
      throw new UncheckedIOException("option file of " + configuration, e);
    }
  }

  static OptionFile parse(String text) {
    var options = new TreeMap<String, String>();
    boolean server = false;
    for (String raw : text.split("\n", -1)) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        server = line.equals(SERVER);
      } else if (server && !line.isEmpty() && !line.startsWith("#")) {
        int equals = line.indexOf('=');
        String name = name(equals < 0 ? line : line.substring(0, equals).strip());
        String value = equals < 0 ? "" : line.substring(equals + 1).strip();
        options.merge(name, value, (old, next) -> name.equals(PLUGINS) ? old + "," + next : next);
      }
    }
    return new OptionFile(options);
  }

  private static String name(String written) {
    String name = written.replace('-', '_');
    return name.startsWith(LOOSE) ? name.substring(LOOSE.length()) : name;
  }

  /** Values as they are written, by name as a variable has it. */
  SortedMap<String, String> options() {
    return Collections.unmodifiableSortedMap(options);
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(options.get(name));
  }
}
