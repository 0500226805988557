package io.upm.spi.engine;

import java.util.Objects;

/**
 * What one instance may use.
 *
 * @param memoryBytes memory limit of the engine's container in bytes, the agent included; 0 when
 *     there is none
 * @param cpuMillis CPU limit in thousandths of a core; 0 when there is none
 */
public record Limits(long memoryBytes, long cpuMillis) {
  public static final Limits NONE = new Limits(0, 0);

  public Limits {
    if (memoryBytes < 0 || cpuMillis < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
  }

  public long memoryMiB() {
    return memoryBytes >> 20;
  }

  @Override
  public String toString() {
    return "%d MiB, %d mCPU".formatted(memoryMiB(), cpuMillis);
  }

  /** Whether these are at least as large as the given floor, where a limit is set at all. */
  public boolean covers(Limits floor) {
    Objects.requireNonNull(floor, "floor");
    return (memoryBytes == 0 || memoryBytes >= floor.memoryBytes)
        && (cpuMillis == 0 || cpuMillis >= floor.cpuMillis);
  }
}
