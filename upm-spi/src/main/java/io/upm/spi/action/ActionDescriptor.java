package io.upm.spi.action;

import java.util.Objects;

/**
 * What an action is.
 *
 * @param name such as {@code logical-backup}
 * @param parameters record of its parameters; its JSON schema is what users' values are checked
 *     against
 * @param destructive whether it may lose data
 * @param engine state of the engine that it needs
 * @param cancellable whether it can be cancelled half-way
 */
public record ActionDescriptor<P extends Record>(
    String name, Class<P> parameters, boolean destructive, Engine engine, boolean cancellable) {
  /** State of the engine that an action needs. */
  public enum Engine {
    RUNNING,
    STOPPED,
    ANY
  }

  public ActionDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(engine, "engine");
  }
}
