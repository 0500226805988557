package io.upm.host.plugin;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.pf4j.DefaultVersionManager;

/**
 * A plugin's zip, read and verified. It holds:
 *
 * <ul>
 *   <li>{@code plugin.properties} with {@code plugin.id}, {@code plugin.version} and {@code
 *       plugin.requires}, the range of SPI versions that it works with;
 *   <li>{@code classes/} and {@code lib/*.jar}, its class path;
 *   <li>{@code crds/*.yaml}, the resource kinds of its topologies;
 *   <li>{@code tck/report.json}, if the TCK was run when it was built.
 * </ul>
 */
public final class PluginArchive {
  private static final long MAX_FILE_BYTES = 128L << 20;
  private static final String DESCRIPTOR = "plugin.properties";
  private static final String ID = "[a-z][a-z0-9-]{0,62}";
  private static final String VERSION = "\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]{1,64})?";

  private final PluginKey key;
  private final String requires;
  private final List<String> crds;
  private final TckEvidence tck;
  private final Path path;

  private PluginArchive(
      PluginKey key, String requires, List<String> crds, TckEvidence tck, Path path) {
    this.key = key;
    this.requires = requires;
    this.crds = List.copyOf(crds);
    this.tck = tck;
    this.path = path;
  }

  /**
   * Reads and verifies a zip.
   *
   * @throws PluginArchiveException with one sentence that says what is wrong with it
   */
  public static PluginArchive read(Path zip) {
    String name = String.valueOf(zip.getFileName());
    try {
      if (!Files.isRegularFile(zip)) {
        throw new PluginArchiveException("%s is not there, or not a file".formatted(zip));
      }
      if (Files.size(zip) > MAX_FILE_BYTES) {
        throw new PluginArchiveException(
            "%s is larger than %d MiB".formatted(name, MAX_FILE_BYTES >> 20));
      }
      String digest = Digests.sha256(zip);
      try (var file = new ZipFile(zip.toFile())) {
        new ArchiveInspection(name, zip, file).run();
        Properties properties = properties(name, file);
        return new PluginArchive(
            new PluginKey(id(name, properties), version(name, properties), digest),
            requires(name, properties),
            crds(file),
            TckEvidence.in(file),
            zip);
      }
    } catch (IOException e) {
      throw new PluginArchiveException(
          "%s can't be read as a zip: %s".formatted(name, e.getMessage()), e);
    }
  }

  public PluginKey key() {
    return key;
  }

  /** Range of SPI versions that the plugin works with, such as {@code >=0.1.0 & <0.2.0}. */
  public String requires() {
    return requires;
  }

  /** Text of each file in {@code crds/}, in the order of their names. */
  public List<String> crds() {
    return crds;
  }

  /** What the TCK found when it was built. */
  public TckEvidence tck() {
    return tck;
  }

  public Path path() {
    return path;
  }

  private static Properties properties(String name, ZipFile file) throws IOException {
    ZipEntry entry = file.getEntry(DESCRIPTOR);
    if (entry == null) {
      throw new PluginArchiveException("%s has no %s".formatted(name, DESCRIPTOR));
    }
    var properties = new Properties();
    try (var reader = new InputStreamReader(file.getInputStream(entry), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new PluginArchiveException(
          "%s of %s can't be read: %s".formatted(DESCRIPTOR, name, e.getMessage()), e);
    }
    if (!properties.getProperty("plugin.dependencies", "").isBlank()) {
      throw new PluginArchiveException(
          "%s declares plugin.dependencies: plugins never depend on each other".formatted(name));
    }
    return properties;
  }

  private static String id(String name, Properties properties) {
    return matching(
        name,
        properties,
        "plugin.id",
        ID,
        "lower-case letters, digits and dashes, such as my-engine");
  }

  private static String version(String name, Properties properties) {
    return matching(name, properties, "plugin.version", VERSION, "a version such as 1.0.0");
  }

  private static String requires(String name, Properties properties) {
    String allowed = "a range of SPI versions such as >=0.1.0 & <0.2.0";
    String range = property(name, properties, "plugin.requires", allowed);
    boolean bounded = range.matches(".*[<>=~^].*");
    try {
      if (bounded) {
        // The answer does not matter here: only whether the range can be understood.
        new DefaultVersionManager().checkVersionConstraint("0.1.0", range);
        return range;
      }
    } catch (RuntimeException e) {
      throw new PluginArchiveException(
          "%s: plugin.requires \"%s\" is not %s".formatted(name, range, allowed), e);
    }
    throw new PluginArchiveException(
        "%s: plugin.requires \"%s\" is not %s".formatted(name, range, allowed));
  }

  private static String matching(
      String name, Properties properties, String property, String pattern, String allowed) {
    String value = property(name, properties, property, allowed);
    if (!value.matches(pattern)) {
      throw new PluginArchiveException(
          "%s: %s \"%s\" is not %s".formatted(name, property, value, allowed));
    }
    return value;
  }

  private static String property(
      String name, Properties properties, String property, String allowed) {
    String value = properties.getProperty(property, "").strip();
    if (value.isEmpty()) {
      throw new PluginArchiveException(
          "%s: %s lacks %s, %s".formatted(name, DESCRIPTOR, property, allowed));
    }
    return value;
  }

  private static List<String> crds(ZipFile file) throws IOException {
    List<? extends ZipEntry> entries =
        file.stream()
            .filter(entry -> entry.getName().matches("crds/[^/]+\\.ya?ml"))
            .sorted(Comparator.comparing(ZipEntry::getName))
            .toList();
    var texts = new ArrayList<String>();
    for (ZipEntry entry : entries) {
      try (var content = file.getInputStream(entry)) {
        texts.add(new String(content.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }
}
