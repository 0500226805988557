package io.upm.spi.topology;

import java.util.Objects;

/**
 * A database node that a spec names.
 *
 * @param name unique in the topology; that of the Unit where there is one
 * @param host DNS name or address
 * @param port port for clients
 */
public record Endpoint(String name, String host, int port) {
  public Endpoint {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(host, "host");
  }
}
