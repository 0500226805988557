package io.upm.host.plugin;

import io.upm.spi.PluginException;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a throwable in text. The original refers to classes of the plugin, through its own
 * class and through the frames that the virtual machine keeps with it, so a log or a status that
 * held on to it would hold on to the class loader.
 */
@SuppressWarnings("OverrideThrowableToString") // The text begins with the original's class.
final class Detached extends Exception {
  private static final long serialVersionUID = 1L;

  /** Deeper chains of causes are cut: they say nothing new, and may be circular. */
  private static final int DEPTH = 12;

  private final String text;

  private Detached(String text, @Nullable Throwable cause) {
    super(text, cause);
    this.text = text;
  }

  static Throwable copyOf(Throwable original) {
    return copy(original, DEPTH);
  }

  /** The same kind, message and stack, without the original's frames and causes. */
  static PluginException copyOf(PluginException original) {
    Throwable cause = original.getCause() == null ? null : copy(original.getCause(), DEPTH);
    String message = String.valueOf(original.getMessage());
    PluginException copy =
        switch (original.kind()) {
          case USER ->
              cause == null ? PluginException.user(message) : PluginException.user(message, cause);
          case TRANSIENT -> PluginException.retryable(message, cause);
          case INTERNAL -> PluginException.internal(message, cause);
        };
    copy.setStackTrace(original.getStackTrace());
    return copy;
  }

  /** Class and message; a message that can't be had is left out. */
  static String summary(Throwable throwable) {
    String name = throwable.getClass().getName();
    try {
      String message = throwable.getLocalizedMessage();
      return message == null ? name : name + ": " + message;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return name;
    }
  }

  private static Detached copy(Throwable original, int depth) {
    Throwable cause = original.getCause();
    var copy =
        new Detached(
            summary(original), cause == null || depth == 0 ? null : copy(cause, depth - 1));
    copy.setStackTrace(original.getStackTrace());
    return copy;
  }

  /** No frames of its own: they would be those of the host. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  @Override
  public String toString() {
    return text;
  }
}
