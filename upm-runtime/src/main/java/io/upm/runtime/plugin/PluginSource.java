package io.upm.runtime.plugin;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a version of a plugin comes from. Pure. */
sealed interface PluginSource {
  /** What stands for the version in a source. */
  String VERSION = "{version}";

  /** As the user wrote it, with the version in its place. */
  String text();

  /** A zip in the runtime's container. */
  record File(String text, Path path) implements PluginSource {}

  /** A zip on a web server. */
  record Https(String text, URI uri) implements PluginSource {}

  /**
   * An artifact in a registry.
   *
   * @param registry host, with a port where it has one
   * @param reference tag, or digest of the manifest
   */
  record Oci(String text, String registry, String repository, String reference)
      implements PluginSource {}

  /**
   * Reads a source.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  static PluginSource of(String source, String version) {
    String text = source.replace(VERSION, version);
    if (text.startsWith("file:///")) {
      return file(text);
    }
    if (text.startsWith("https://")) {
      return https(text);
    }
    if (text.startsWith("oci://")) {
      return Ocis.parse(text, version);
    }
    throw new IllegalArgumentException("oci://, https:// or file:/// and where the plugin is");
  }

  private static PluginSource file(String text) {
    Path path = Path.of(text.substring("file://".length()));
    if (!path.normalize().equals(path)) {
      throw new IllegalArgumentException("a path without . and ..");
    }
    return new File(text, path);
  }

  private static PluginSource https(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
        return new Https(text, uri);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("an address such as https://host/path/a.zip", e);
    }
    throw new IllegalArgumentException(
        "an address such as https://host/path/a.zip; credentials are for spec.pullSecret");
  }

  /** References to artifacts, in the grammar of the OCI distribution specification. */
  final class Ocis {
    private static final Pattern REFERENCE =
        Pattern.compile(
            "oci://(?<registry>[A-Za-z0-9.-]+(:\\d{1,5})?|\\[[0-9a-fA-F:]+](:\\d{1,5})?)"
                + "/(?<repository>[a-z0-9]+([._/-]+[a-z0-9]+)*)"
                + "(:(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
                + "(@(?<digest>sha256:[0-9a-f]{64}))?");

    private Ocis() {}

    static PluginSource parse(String text, String version) {
      Matcher parts = REFERENCE.matcher(text.replace("+", "_"));
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "oci://registry/repository, then a :tag or @sha256:digest if it isn't the version");
      }
      String tag = parts.group("tag");
      String digest = parts.group("digest");
      // Tags can't hold a plus; an underscore is what others write instead.
      String reference = digest != null ? digest : tag != null ? tag : version.replace('+', '_');
      return new Oci(text, parts.group("registry"), parts.group("repository"), reference);
    }
  }
}
