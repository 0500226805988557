package io.upm.runtime.topology;

import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.TopologyReport;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one look at a topology found. Holds an object of the plugin, its spec, so it lives no longer
 * than the look.
 *
 * @param spec as the plugin reads it
 * @param nodes the nodes that were observed
 * @param report what is told of them
 * @param decision what is to be done
 * @param serviceType type of the Services
 */
record Finding(
    Record spec, LiveNodes nodes, TopologyReport report, Decision decision, String serviceType) {
  List<Endpoint> endpoints() {
    return nodes.all().stream().map(Node::endpoint).toList();
  }

  Set<String> names() {
    return nodes.all().stream().map(Node::name).collect(Collectors.toUnmodifiableSet());
  }

  Set<String> managed() {
    return nodes.all().stream()
        .filter(Node::managed)
        .map(Node::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether every node has an agent that says it is well, and there is nothing to do. */
  boolean calm() {
    return report.ready()
        && decision instanceof Decision.Nothing
        && nodes.all().stream()
            .allMatch(node ->
                node.managed() && node.health().map(health -> health.ready()).orElse(false));
  }
}
