package io.upm.host.plugin;

/** The plugin takes no new call: it is being replaced or removed. Ask again with the new one. */
public final class PluginDrainedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PluginDrainedException(PluginKey key, String operation) {
    super("plugin %s is draining and takes no new call (%s)".formatted(key, operation));
  }
}
