package io.upm.testkit;

import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.NodeCall;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes that are all away: the plugin's own code is run against a port that is closed. */
final class UnreachableNodes implements Nodes {
  private final List<Node> nodes;

  UnreachableNodes(List<Endpoint> endpoints) {
    nodes =
        endpoints.stream()
            .map(one -> new Endpoint(one.name(), "127.0.0.1", Samples.CLOSED_PORT))
            .map(endpoint -> new Node(endpoint, false, Optional.empty()))
            .toList();
  }

  @Override
  public List<Node> all() {
    return nodes;
  }

  @Override
  public Credential credential(String purpose) {
    return new Credential(purpose, Password.of(Samples.SECRET));
  }

  @Override
  public <T> Map<String, Reading<T>> readAll(Duration limit, NodeCall<T> call) {
    Map<String, Reading<T>> readings = new LinkedHashMap<>();
    for (Node node : nodes) {
      readings.put(node.name(), read(node, call));
    }
    return readings;
  }

  private static <T> Reading<T> read(Node node, NodeCall<T> call) {
    try {
      return Reading.of(call.on(node), Samples.NOW);
    } catch (Exception e) {
      return Reading.unknown(Samples.NOW, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public <T> T on(String node, Duration limit, NodeCall<T> call) {
    Node found =
        find(node).orElseThrow(() -> PluginException.internal("there is no node " + node, null));
    try {
      return call.on(found);
    } catch (Exception e) {
      throw PluginException.retryable(node + " can't be reached", e);
    }
  }

  @Override
  public Instant now() {
    return Samples.NOW;
  }
}
