package io.upm.host.plugin;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A plugin has not come back from a call; it was interrupted, and nobody waits for it any more. */
public final class StuckCallException extends PluginFault {
  private static final long serialVersionUID = 1L;

  private final transient BooleanSupplier running;

  private StuckCallException(
      PluginKey key, String operation, String message, BooleanSupplier running) {
    super(key, operation, message);
    this.running = running;
  }

  static StuckCallException after(
      Duration limit, PluginKey key, String operation, BooleanSupplier running) {
    return new StuckCallException(
        key,
        operation,
        "plugin %s: %s has not ended within %s"
            .formatted(
                key,
                operation,
                limit.toSeconds() > 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms"),
        running);
  }

  static StuckCallException refused(
      PluginKey key, String operation, String stuck, BooleanSupplier running) {
    return new StuckCallException(
        key,
        operation,
        "plugin %s is not asked for %s: %s".formatted(key, operation, stuck),
        running);
  }

  /** Whether what it is about still runs. */
  public boolean running() {
    return running.getAsBoolean();
  }
}
