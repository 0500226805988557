package io.upm.acceptance.author;

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

/** Nodes over the network, one after the other, that ask for no password. */
record OneByOne(List<Node> all) implements Nodes {
  static OneByOne of(List<Endpoint> endpoints) {
    return new OneByOne(
        endpoints.stream().map(endpoint -> new Node(endpoint, false, Optional.empty())).toList());
  }

  @Override
  public Credential credential(String purpose) {
    throw PluginException.internal("there is no password for " + purpose, null);
  }

  @Override
  public <T> Map<String, Reading<T>> readAll(Duration limit, NodeCall<T> call) {
    var readings = new LinkedHashMap<String, Reading<T>>();
    for (Node node : all) {
      try {
        readings.put(node.name(), Reading.of(call.on(node), now()));
      } catch (Exception e) {
        readings.put(node.name(), Reading.unknown(now(), String.valueOf(e.getMessage())));
      }
    }
    return readings;
  }

  @Override
  public <T> T on(String node, Duration limit, NodeCall<T> call) {
    try {
      return call.on(find(node).orElseThrow());
    } catch (Exception e) {
      throw PluginException.retryable(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Instant now() {
    return Instant.now();
  }
}
