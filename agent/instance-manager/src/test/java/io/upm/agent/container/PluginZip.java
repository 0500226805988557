package io.upm.agent.container;

import io.upm.agent.testplugin.TestPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.EnginePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The test plugin as a zip, of any version. */
public record PluginZip(Path path, PluginKey key) {
  public static PluginZip of(Path directory, String version) {
    Path zip = directory.resolve("testengine-" + version + ".zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      add(
          out,
          "plugin.properties",
          """
          plugin.id=testengine
          plugin.version=%s
          plugin.requires=>=0.1.0 & <0.2.0
          """
              .formatted(version)
              .getBytes(StandardCharsets.UTF_8));
      add(
          out,
          "classes/META-INF/services/" + EnginePlugin.class.getName(),
          TestPlugin.class.getName().getBytes(StandardCharsets.UTF_8));
      for (Path file : classes()) {
        String name =
            TestPlugin.class.getPackageName().replace('.', '/') + "/" + file.getFileName();
        add(out, "classes/" + name, Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PluginZip(zip, PluginArchive.read(zip).key());
  }

  private static List<Path> classes() throws IOException {
    try (Stream<Path> files =
        Files.list(
            Path.of(TestPlugin.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve(TestPlugin.class.getPackageName().replace('.', '/')))) {
      return files.sorted().toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(ZipOutputStream out, String name, byte[] content) throws IOException {
    var entry = new ZipEntry(name);
    // The same content gives the same digest.
    entry.setTime(0);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }
}
