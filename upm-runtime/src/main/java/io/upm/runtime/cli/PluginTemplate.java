package io.upm.runtime.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The project that a plugin begins as: the archetype's, so that Maven's own way makes the same. Its
 * files hold properties such as {@code ${artifactId}}, and nothing more of a language.
 */
final class PluginTemplate {
  private static final String ROOT = "archetype-resources/";
  private static final String METADATA = "META-INF/maven/archetype-metadata.xml";
  private static final Pattern UPM_VERSION =
      Pattern.compile("key=\"upmVersion\"><defaultValue>([^<]+)<");

  /** Where the files lie in the package's own folder. */
  private static final List<String> PACKAGED = List.of("src/main/java/", "src/test/java/");

  private final String javaPackage;
  private final Map<String, String> properties;

  /**
   * @param id the plugin's id, and its engine's name
   * @param group Maven's group
   * @param javaPackage package of its classes
   */
  PluginTemplate(String id, String group, String javaPackage) {
    this.javaPackage = javaPackage;
    this.properties =
        Map.of(
            "artifactId", id,
            "groupId", group,
            "package", javaPackage,
            "version", "1.0.0",
            "upmVersion", upmVersion());
  }

  /** Writes the project into an empty directory. */
  void write(Path directory) throws IOException {
    URI root = uri(resource(ROOT + "pom.xml"));
    if (root.getScheme().equals("jar")) {
      try (var jar = FileSystems.newFileSystem(root, Map.of())) {
        copy(jar.getPath(ROOT), directory);
      }
    } else {
      copy(Objects.requireNonNull(Path.of(root).getParent()), directory);
    }
  }

  private void copy(Path template, Path directory) throws IOException {
    try (var all = Files.walk(template)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        String name = template.relativize(file).toString().replace('\\', '/');
        Path target = directory.resolve(placed(name));
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.writeString(target, filled(Files.readString(file)));
      }
    }
  }

  private String placed(String name) {
    String folder = javaPackage.replace('.', '/');
    return PACKAGED.stream()
        .filter(name::startsWith)
        .findFirst()
        .map(parent -> parent + folder + "/" + name.substring(parent.length()))
        .orElse(name);
  }

  private String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      filled = filled.replace("${" + property.getKey() + "}", property.getValue());
    }
    return filled;
  }

  /** Of the artifacts that the project is to use: those that were released with this template. */
  private static String upmVersion() {
    try (InputStream metadata = resource(METADATA).openStream()) {
      Matcher version =
          UPM_VERSION.matcher(new String(metadata.readAllBytes(), StandardCharsets.UTF_8));
      if (!version.find()) {
        throw new IllegalStateException(METADATA + " doesn't say the version of UPM");
      }
      return version.group(1);
    } catch (IOException e) {
      throw new IllegalStateException(METADATA + " can't be read", e);
    }
  }

  private static URL resource(String name) {
    return Objects.requireNonNull(PluginTemplate.class.getClassLoader().getResource(name), name);
  }

  private static URI uri(URL url) {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(url.toString(), e);
    }
  }
}
