package io.upm.host.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Looks at every entry of a plugin's zip, and at every entry of the jars in it, for what must not
 * be there. Bounded in all it reads, whatever the zip says of itself.
 */
final class ArchiveInspection {
  private static final int MAX_ENTRIES = 20_000;
  private static final int MAX_JAR_ENTRIES = 200_000;
  private static final long MAX_EXPANDED_BYTES = 512L << 20;
  private static final int MAX_NAME = 512;
  private static final int MAX_CLASS_BYTES = 8 << 20;

  /** What only the host brings: classes with one identity for all, and where logs end up. */
  private static final List<Banned> BANNED =
      List.of(
          new Banned("io/upm/spi/", "the SPI"),
          new Banned("org/slf4j/", "slf4j"),
          new Banned("com/fasterxml/jackson/annotation/", "jackson-annotations"),
          new Banned("jakarta/validation/", "the Jakarta Validation API"),
          new Banned("org/jspecify/", "JSpecify"),
          new Banned("ch/qos/logback/", "the logging backend Logback"),
          new Banned("org/apache/logging/log4j/core/", "the logging backend Log4j"),
          new Banned("org/apache/logging/slf4j/", "the logging backend Log4j"),
          new Banned("org/apache/log4j/", "the logging backend Log4j 1"),
          new Banned("org/tinylog/", "the logging backend tinylog"));

  private record Banned(String directory, String what) {}

  private final String archive;
  private final Path path;
  private final ZipFile zip;
  private final Set<String> names = new HashSet<>();
  private final Set<String> files = new HashSet<>();
  private final byte[] buffer = new byte[16 << 10];
  private long expanded;
  private int jarEntries;

  ArchiveInspection(String archive, Path path, ZipFile zip) {
    this.archive = archive;
    this.path = path;
    this.zip = zip;
  }

  /**
   * @throws PluginArchiveException for the first thing that must not be there
   */
  void run() throws IOException {
    if (zip.size() > MAX_ENTRIES) {
      throw refused("has %d entries, more than %d".formatted(zip.size(), MAX_ENTRIES));
    }
    for (String link : ZipDirectory.entriesThatAreNotFiles(path)) {
      throw refused("holds \"%s\", which is a link or a special file".formatted(link));
    }
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      checkName(entry.getName());
      inspect(entry);
    }
    files.forEach(this::checkParents);
  }

  private void checkName(String name) {
    boolean outside =
        name.isEmpty()
            || name.startsWith("/")
            || name.contains("\\")
            || name.contains("\0")
            || name.matches("[A-Za-z]:.*")
            || List.of(name.split("/", -1)).contains("..");
    if (outside) {
      throw refused("holds the path \"%s\", which leads outside of it".formatted(name));
    }
    if (name.length() > MAX_NAME) {
      throw refused("holds a path of %d characters".formatted(name.length()));
    }
    // Without the slash, or a file and a directory could take each other's place.
    String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    if (!names.add(plain)) {
      throw refused("holds \"%s\" twice".formatted(plain));
    }
    if (plain.equals(name)) {
      files.add(name);
    }
  }

  private void checkParents(String file) {
    for (int slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
      String parent = file.substring(0, slash);
      if (files.contains(parent)) {
        throw refused("holds \"%s\" as a file and as a directory".formatted(parent));
      }
    }
  }

  private void inspect(ZipEntry entry) throws IOException {
    String name = entry.getName();
    if (name.startsWith("classes/")) {
      checkClass(name.substring("classes/".length()), name);
    }
    try (InputStream content = zip.getInputStream(entry)) {
      if (name.startsWith("lib/") && name.endsWith(".jar")) {
        inspectJar(name, content);
      } else if (name.startsWith("classes/") && name.endsWith(".class")) {
        checkCode(content, name, name);
      } else {
        spend(content);
      }
    }
  }

  /** Jars are read from front to end, so that none of it has to fit into memory. */
  private void inspectJar(String jar, InputStream content) throws IOException {
    var entries = new ZipInputStream(content);
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      jarEntries++;
      if (jarEntries > MAX_JAR_ENTRIES) {
        throw refused("has jars with more than %d entries".formatted(MAX_JAR_ENTRIES));
      }
      checkClass(entry.getName(), jar);
      if (entry.getName().endsWith(".class")) {
        checkCode(entries, entry.getName(), jar);
      } else {
        spend(entries);
      }
    }
    spend(content);
  }

  private void checkClass(String file, String where) {
    String name = file.replaceFirst("^META-INF/versions/\\d+/", "");
    if (!name.endsWith(".class")) {
      return;
    }
    for (Banned banned : BANNED) {
      if (name.startsWith(banned.directory())) {
        throw refused(
            "bundles %s (%s in %s), which only the host may bring"
                .formatted(banned.what(), name, where));
      }
    }
  }

  private void checkCode(InputStream content, String file, String where) throws IOException {
    byte[] code = content.readNBytes(MAX_CLASS_BYTES);
    spend(code.length);
    if (code.length == MAX_CLASS_BYTES) {
      throw refused(
          "holds a class of more than %d MiB (%s in %s)"
              .formatted(MAX_CLASS_BYTES >> 20, file, where));
    }
    Optional<String> exit = ExitCalls.in(code);
    if (exit.isPresent()) {
      throw refused(
          "calls %s (%s in %s), which would end the host".formatted(exit.get(), file, where));
    }
  }

  private void spend(InputStream content) throws IOException {
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      spend(read);
    }
  }

  private void spend(int bytes) {
    expanded += bytes;
    if (expanded > MAX_EXPANDED_BYTES) {
      throw refused("expands to more than %d MiB".formatted(MAX_EXPANDED_BYTES >> 20));
    }
  }

  private PluginArchiveException refused(String why) {
    return new PluginArchiveException(archive + " " + why);
  }
}
