package io.upm.acceptance.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A plugin as it was built, to be given another version. */
final class PluginZip {
  private static final String PROPERTIES = "plugin.properties";

  private final Map<String, byte[]> entries = new TreeMap<>();

  private PluginZip(Path zip) throws IOException {
    try (var file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : file.stream().filter(one -> !one.isDirectory()).toList()) {
        try (var content = file.getInputStream(entry)) {
          entries.put(entry.getName(), content.readAllBytes());
        }
      }
    }
  }

  static PluginZip built(String id) throws IOException {
    Path target = Path.of("..", "plugins", id, "target");
    try (var files = Files.list(target)) {
      return new PluginZip(
          files
              .filter(file -> file.getFileName().toString().endsWith("-plugin.zip"))
              .findFirst()
              .orElseThrow());
    }
  }

  PluginZip version(String version) {
    String text =
        text(PROPERTIES).replaceFirst("plugin\\.version=\\S+", "plugin.version=" + version);
    entries.put(PROPERTIES, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Another text in the files below a folder. */
  PluginZip replace(String folder, String before, String after) {
    entries.keySet().stream()
        .filter(name -> name.startsWith(folder) && text(name).contains(before))
        .toList()
        .forEach(name ->
            entries.put(name, text(name).replace(before, after).getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  void write(Path file) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
  }

  private String text(String name) {
    return new String(entries.get(name), StandardCharsets.UTF_8);
  }
}
