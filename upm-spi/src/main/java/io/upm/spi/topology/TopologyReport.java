package io.upm.spi.topology;

import java.util.List;
import java.util.Objects;

/**
 * What is told about a topology.
 *
 * @param nodes one for each node of the spec
 * @param ready whether all of it is as the spec wants
 * @param message one sentence: what is missing, or that all is well
 */
public record TopologyReport(List<NodeReport> nodes, boolean ready, String message) {
  public TopologyReport {
    nodes = List.copyOf(nodes);
    Objects.requireNonNull(message, "message");
  }
}
