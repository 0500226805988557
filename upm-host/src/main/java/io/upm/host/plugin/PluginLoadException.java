package io.upm.host.plugin;

import org.jspecify.annotations.Nullable;

/** A plugin that can't be loaded into this host. The message is one sentence that says why. */
public final class PluginLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PluginLoadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
