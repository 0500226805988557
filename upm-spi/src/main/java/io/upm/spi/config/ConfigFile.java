package io.upm.spi.config;

import java.util.Objects;

/**
 * One file of a configuration.
 *
 * @param path relative to {@link io.upm.spi.instance.Layout#config()}, without {@code ..}
 * @param content text; holds no secret unless {@code secret} says so
 * @param secret whether only the engine's user may read it (mode 0600 instead of 0640)
 */
public record ConfigFile(String path, String content, boolean secret) {
  public ConfigFile {
    Objects.requireNonNull(content, "content");
    if (path.isEmpty() || path.startsWith("/") || path.contains("..")) {
      throw new IllegalArgumentException("path of a configuration file: " + path);
    }
  }
}
