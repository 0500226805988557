package io.upm.spi.instance;

import java.time.Duration;
import java.util.Objects;

/**
 * How an engine is stopped: the signal, then patience. Nothing is killed before the patience has
 * run out.
 *
 * @param signal such as {@code TERM}
 * @param patience how long the engine may take
 */
public record StopRequest(Signal signal, Duration patience) {
  /** Signals that engines understand as a wish to stop. */
  public enum Signal {
    TERM,
    INT,
    QUIT
  }

  public StopRequest {
    Objects.requireNonNull(signal, "signal");
    Objects.requireNonNull(patience, "patience");
  }
}
