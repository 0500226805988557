package io.upm.spi.topology;

import io.upm.spi.instance.Health;
import java.util.Objects;
import java.util.Optional;

/**
 * A node as the runtime knows it.
 *
 * @param endpoint where it is
 * @param managed whether a Unit of that name runs in this cluster; what needs an agent is not to be
 *     had on a node that isn't
 * @param health what its agent said last; empty for a node without one, or when the agent is silent
 */
public record Node(Endpoint endpoint, boolean managed, Optional<Health> health) {
  public Node {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(health, "health");
  }

  public String name() {
    return endpoint.name();
  }
}
