package io.upm.runtime.topology;

import java.time.Duration;

/** A plugin has not come back from a call. */
final class StuckCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StuckCallException(String operation, Duration limit) {
    super("%s has not ended within %d s".formatted(operation, limit.toSeconds()));
  }
}
