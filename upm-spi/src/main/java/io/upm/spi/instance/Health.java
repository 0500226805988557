package io.upm.spi.instance;

import java.util.Map;
import java.util.Objects;

/**
 * What a probe found.
 *
 * @param alive whether the engine answers
 * @param ready whether it serves clients
 * @param role as the engine itself sees it, such as {@code source}; empty when it has none
 * @param reason why it is not ready; empty when it is
 * @param facts short, stable values such as {@code readOnly=true}; a change of one is pushed to the
 *     runtime at once
 * @param gauges values that always move, such as {@code lagSeconds} or {@code gtidExecuted}; travel
 *     with the next heartbeat
 */
public record Health(
    boolean alive,
    boolean ready,
    String role,
    String reason,
    Map<String, String> facts,
    Map<String, String> gauges) {
  public Health {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(reason, "reason");
    facts = Map.copyOf(facts);
    gauges = Map.copyOf(gauges);
  }

  /** The engine does not answer. */
  public static Health down(String reason) {
    return new Health(false, false, "", reason, Map.of(), Map.of());
  }

  /** The engine answers but does not serve. */
  public static Health notReady(String reason) {
    return new Health(true, false, "", reason, Map.of(), Map.of());
  }
}
