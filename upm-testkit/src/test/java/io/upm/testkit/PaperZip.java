package io.upm.testkit;

import io.upm.spi.EnginePlugin;
import io.upm.testkit.paper.Paper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The paper engine, packaged. */
final class PaperZip {
  private PaperZip() {}

  static Path write(Path directory, String crd) throws IOException {
    return write(directory, classes(), crd);
  }

  /**
   * With the engine's classes from another folder than the tests' own.
   *
   * @param classes the folder that their packages begin in
   */
  static Path write(Path directory, Path classes, String crd) throws IOException {
    Path zip = directory.resolve("paper.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      add(
          out,
          "plugin.properties",
          """
          plugin.id=paper
          plugin.version=1.0.0
          plugin.requires=>=0.1.0 & <0.2.0
          """);
      add(out, "classes/META-INF/services/" + EnginePlugin.class.getName(), Paper.class.getName());
      add(out, "crds/pair.yaml", crd);
      for (Path file : files(classes.resolve("io/upm/testkit/paper"))) {
        out.putNextEntry(new ZipEntry("classes/" + classes.relativize(file)));
        Files.copy(file, (OutputStream) out);
        out.closeEntry();
      }
    }
    return zip;
  }

  private static void add(ZipOutputStream out, String name, String text) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.closeEntry();
  }

  private static List<Path> files(Path directory) {
    try (var files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path classes() {
    try {
      return Path.of(Paper.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
