package io.upm.runtime.engine;

import io.upm.runtime.toy.SoundToyPlugin;
import io.upm.runtime.toy.ToyManager;
import io.upm.runtime.toy.ToyPlugin;
import io.upm.testkit.crd.TopologyCrd;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The toy plugin as a zip. */
public final class ToyZip {
  private final SortedMap<String, byte[]> entries = new TreeMap<>();

  public ToyZip(String id, String version) {
    with(
        "plugin.properties",
        "plugin.id=%s\nplugin.version=%s\nplugin.requires=>=0.1.0 & <0.2.0\n"
            .formatted(id, version));
    with("classes/META-INF/services/io.upm.spi.EnginePlugin", ToyPlugin.class.getName());
    with("crds/toy.yaml", TopologyCrd.yaml(new ToyManager().descriptor()));
    try {
      Path classes =
          Path.of(ToyPlugin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path directory = classes.resolve(ToyPlugin.class.getPackageName().replace('.', '/'));
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          entries.put("classes/" + classes.relativize(file), Files.readAllBytes(file));
        }
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A toy without a flaw that serves these major versions. */
  public static ToyZip sound(String id, String version, String majors) {
    return new ToyZip(id, version)
        .with("classes/META-INF/services/io.upm.spi.EnginePlugin", SoundToyPlugin.class.getName())
        .with("classes/toy-majors", majors);
  }

  public ToyZip with(String name, String text) {
    return with(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public ToyZip with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  public void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
  }
}
