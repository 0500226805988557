package io.upm.spi.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes of one topology object, and how to reach them. The host owns the threads: calls run
 * side by side, each within its limit, after which its thread is interrupted and the node is
 * unknown.
 */
public interface Nodes {
  List<Node> all();

  default Optional<Node> find(String name) {
    return all().stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /**
   * @throws io.upm.spi.PluginException of kind USER naming Secret and key when it is missing
   */
  Credential credential(String purpose);

  /** Reads every node in parallel. Never throws for a node: that one is unknown. */
  <T> Map<String, Reading<T>> readAll(Duration limit, NodeCall<T> call);

  /**
   * Does something on one node.
   *
   * @throws io.upm.spi.PluginException when there is no such node, it failed, or the limit passed
   */
  <T> T on(String node, Duration limit, NodeCall<T> call);

  /** The host's time; for observations. */
  Instant now();
}
