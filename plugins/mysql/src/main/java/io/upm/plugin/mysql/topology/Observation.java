package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.ServerState;
import io.upm.spi.topology.Reading;
import java.time.Instant;
import java.util.Map;

/**
 * What was learned from all servers.
 *
 * @param at when
 * @param servers by name; each is known, or unknown for a reason
 */
public record Observation(Instant at, Map<String, Reading<ServerState>> servers) {
  public Observation {
    servers = Map.copyOf(servers);
  }
}
