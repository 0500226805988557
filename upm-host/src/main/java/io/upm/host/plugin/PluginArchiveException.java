package io.upm.host.plugin;

/** A zip that is not a plugin. The message is one sentence that names the zip and what is wrong. */
public final class PluginArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PluginArchiveException(String message) {
    super(message);
  }

  PluginArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
