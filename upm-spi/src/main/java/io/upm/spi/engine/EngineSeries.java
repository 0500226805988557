package io.upm.spi.engine;

import java.util.Objects;

/**
 * A release series that a plugin serves: every version from {@code since} up to, but not including,
 * {@code until}.
 *
 * @param name what users call it, such as {@code 8.0}
 * @param since first version served
 * @param until first version not served any more
 * @param image image of a version; {@code {version}} stands for it, such as {@code mysql:{version}}
 */
public record EngineSeries(String name, EngineVersion since, EngineVersion until, String image) {
  public EngineSeries {
    Objects.requireNonNull(name, "name");
    if (since.compareTo(until) >= 0) {
      throw new IllegalArgumentException("series " + name + ": since is not before until");
    }
    if (!image.contains("{version}")) {
      throw new IllegalArgumentException("series " + name + ": image lacks {version}");
    }
  }

  public static EngineSeries of(String name, String since, String until, String image) {
    return new EngineSeries(name, EngineVersion.parse(since), EngineVersion.parse(until), image);
  }

  public boolean serves(EngineVersion version) {
    return version.compareTo(since) >= 0 && version.compareTo(until) < 0;
  }

  public String imageOf(EngineVersion version) {
    return image.replace("{version}", version.toString());
  }
}
