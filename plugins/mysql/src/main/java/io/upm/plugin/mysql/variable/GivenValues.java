package io.upm.plugin.mysql.variable;

import io.upm.spi.instance.Instance;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;

/**
 * What the running server made of values that UPM gave it, so that a value that it rounded isn't
 * taken for one that somebody else set. Lies in the run directory: it is of no use for the next
 * container's server.
 */
final class GivenValues {
  private static final String NAME = "given-variables";
  private static final String CONFIGURED = ".configured";
  private static final String RUNNING = ".running";

  private final Path file;
  private final Properties values = new Properties();

  private GivenValues(Path file) {
    this.file = file;
  }

  static GivenValues of(Instance instance) {
    var given = new GivenValues(instance.layout().run().resolve(NAME));
    if (Files.exists(given.file)) {
      try (Reader reader = Files.newBufferedReader(given.file)) {
        given.values.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("what the server was given: " + given.file, e);
      }
    }
    return given;
  }

  /**
   * @param configured values as they were given, by name
   * @param running what the server then had
   */
  void add(Map<String, String> configured, Map<String, String> running) {
    running.forEach((name, value) -> {
      values.setProperty(name + CONFIGURED, configured.getOrDefault(name, ""));
      values.setProperty(name + RUNNING, value);
    });
    Path fresh = file.resolveSibling(NAME + ".new");
    try {
      try (Writer writer = Files.newBufferedWriter(fresh)) {
        values.store(writer, null);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("what the server was given: " + file, e);
    }
  }

  /** Whether a value is what the server made of the configured one. */
  boolean explain(String name, String configured, String running) {
    return configured.equals(values.getProperty(name + CONFIGURED))
        && running.equals(values.getProperty(name + RUNNING));
  }
}
