package io.upm.host.plugin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Objects;

/**
 * One build of a plugin. Two builds with the same version are different plugins.
 *
 * @param id such as {@code my-engine}
 * @param version such as {@code 1.0.0}
 * @param digest lower-case hexadecimal SHA-256 of its zip
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PluginKey(String id, String version, String digest) {
  public PluginKey {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(version, "version");
    if (!digest.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("digest of plugin " + id + ": " + digest);
    }
  }

  @Override
  public String toString() {
    return id + "@" + version + "@" + digest.substring(0, 12);
  }
}
