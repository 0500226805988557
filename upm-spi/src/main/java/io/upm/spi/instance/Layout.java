package io.upm.spi.instance;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where an instance keeps its files. Absolute paths; the agent makes the directories and owns
 * {@code state}, {@code run} and {@code config}.
 *
 * @param data mount point of the data volume
 * @param config directory of the rendered configuration, on the data volume so that it survives the
 *     Pod
 * @param run directory for sockets and pid files; empty after each start of the container
 * @param volumes mount points of all volumes by name, the data volume included
 */
public record Layout(Path data, Path config, Path run, Map<String, Path> volumes) {
  public Layout {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(run, "run");
    volumes = Map.copyOf(volumes);
  }

  /**
   * Mount point of a volume, or a directory of that name on the data volume when it isn't mounted.
   */
  public Path volumeOrData(String name) {
    Path mounted = volumes.get(name);
    return mounted != null ? mounted : data.resolve(name);
  }
}
