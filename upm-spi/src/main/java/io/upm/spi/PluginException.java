package io.upm.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A failure that a plugin wants the user to read. The kind decides about retry and log level. */
public final class PluginException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can do something about it. */
  public enum Kind {
    /** The user: a value, a Secret, a spec. Not retried until something changes. */
    USER,
    /** Time: a peer that is away, a lock, a time-out. Retried with backoff. */
    TRANSIENT,
    /** The author of the plugin. Retried with backoff and counted against the plugin. */
    INTERNAL
  }

  private final Kind kind;

  private PluginException(Kind kind, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.kind = kind;
  }

  public static PluginException user(String message) {
    return new PluginException(Kind.USER, message, null);
  }

  /** For user errors found by a library: its exception travels along. */
  public static PluginException user(String message, Throwable cause) {
    return new PluginException(Kind.USER, message, cause);
  }

  public static PluginException retryable(String message, @Nullable Throwable cause) {
    return new PluginException(Kind.TRANSIENT, message, cause);
  }

  public static PluginException internal(String message, @Nullable Throwable cause) {
    return new PluginException(Kind.INTERNAL, message, cause);
  }

  public Kind kind() {
    return kind;
  }
}
