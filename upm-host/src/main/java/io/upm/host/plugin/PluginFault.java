package io.upm.host.plugin;

/**
 * Something other than a {@link io.upm.spi.PluginException} left a plugin: a bug of its author, an
 * error of its libraries. Holds no object of the plugin, so it may be kept.
 */
public sealed class PluginFault extends RuntimeException permits StuckCallException {
  private static final long serialVersionUID = 1L;

  private final transient PluginKey key;
  private final String operation;

  PluginFault(PluginKey key, String operation, Throwable cause) {
    super(
        "plugin %s failed in %s: %s".formatted(key, operation, Detached.summary(cause)),
        Detached.copyOf(cause));
    this.key = key;
    this.operation = operation;
  }

  PluginFault(PluginKey key, String operation, String message) {
    super(message);
    this.key = key;
    this.operation = operation;
  }

  public PluginKey key() {
    return key;
  }

  /** What was asked of the plugin. */
  public String operation() {
    return operation;
  }
}
