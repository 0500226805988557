package io.upm.spi.action;

import java.util.Map;
import java.util.Objects;

/**
 * How an action ended; failures are exceptions.
 *
 * @param message one sentence for the user
 * @param values what it found or made, by name; no secrets
 */
public record ActionResult(String message, Map<String, String> values) {
  public ActionResult {
    Objects.requireNonNull(message, "message");
    values = Map.copyOf(values);
  }
}
