package io.upm.spi.topology;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is told about one node.
 *
 * @param name the node
 * @param role one of the descriptor's roles, or {@code None}; as observed
 * @param ready whether it does what the spec wants of it
 * @param problem what is wrong, one sentence; empty when nothing is
 * @param lagSeconds how far it is behind; empty when that is not known or has no meaning
 * @param position GTID set, LSN or offset as the engine writes it; empty when not known
 * @param route where clients are sent to reach it
 * @param details further fields of its entry in status, such as {@code readonly}; strings, numbers,
 *     booleans
 */
public record NodeReport(
    String name,
    String role,
    boolean ready,
    String problem,
    OptionalLong lagSeconds,
    String position,
    Optional<Route> route,
    Map<String, Object> details) {

  /** The Service that leads to a node. */
  public enum Route {
    READWRITE,
    READONLY
  }

  public NodeReport {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(lagSeconds, "lagSeconds");
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(route, "route");
    details = Map.copyOf(details);
  }
}
