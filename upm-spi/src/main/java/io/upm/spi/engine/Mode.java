package io.upm.spi.engine;

import java.util.Objects;

/**
 * A way to run several instances together, such as {@code rpl_semi_sync}; given as {@code
 * spec.topology.mode} or in the environment variable {@code ARCH_MODE}.
 *
 * @param name as users write it
 * @param minimumUnits fewest units that make sense
 * @param topologyKind resource kind that manages it; empty when nothing does
 * @param description one sentence for the reference pages
 */
public record Mode(String name, int minimumUnits, String topologyKind, String description) {
  public Mode {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(topologyKind, "topologyKind");
    Objects.requireNonNull(description, "description");
    if (minimumUnits < 1) {
      throw new IllegalArgumentException("mode " + name + ": minimumUnits " + minimumUnits);
    }
  }
}
