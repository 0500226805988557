package io.upm.spi.engine;

import java.util.Objects;

/**
 * A directory that the engine writes to. The user gives a storage or an emptyDir of this name.
 *
 * @param name such as {@code data}
 * @param purpose what it holds
 * @param required whether an instance can't run without it
 */
public record Volume(String name, Purpose purpose, boolean required) {
  /** What a volume holds; the agent keeps its own state on the one for data. */
  public enum Purpose {
    DATA,
    LOG,
    TEMPORARY
  }

  public Volume {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(purpose, "purpose");
  }
}
