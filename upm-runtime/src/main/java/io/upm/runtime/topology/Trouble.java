package io.upm.runtime.topology;

import io.upm.host.plugin.PluginKey;
import io.upm.spi.PluginException;
import java.util.Optional;

/**
 * Why a look or a step failed, as users read it.
 *
 * @param kind who can do something about it
 * @param message one sentence
 * @param step the step that failed; empty when the look did
 */
record Trouble(Kind kind, String message, Optional<String> step) {
  /** Who can do something about it. */
  enum Kind {
    /** The user, by another spec. */
    SPEC("InvalidSpec"),
    /** The user, by something beside the spec. */
    INPUT("InvalidInput"),
    /** Time. */
    TRANSIENT("SyncTopologyFailed"),
    /** The author of the plugin. */
    FAULT("SyncTopologyFailed");

    private final String reason;

    Kind(String reason) {
      this.reason = reason;
    }

    /** Reason of the condition {@code TopologyReady}. */
    String reason() {
      return reason;
    }
  }

  static Trouble of(RuntimeException failure, PluginKey plugin, Optional<String> step) {
    String message = String.valueOf(failure.getMessage());
    Kind kind = kind(failure);
    boolean unnamed = kind == Kind.FAULT && !message.contains(plugin.toString());
    return new Trouble(kind, unnamed ? "plugin " + plugin + ": " + message : message, step);
  }

  private static Kind kind(RuntimeException failure) {
    if (failure instanceof InvalidSpecException) {
      return Kind.SPEC;
    }
    if (failure instanceof PluginException told) {
      return switch (told.kind()) {
        case USER -> Kind.INPUT;
        case TRANSIENT -> Kind.TRANSIENT;
        case INTERNAL -> Kind.FAULT;
      };
    }
    return Kind.FAULT;
  }
}
