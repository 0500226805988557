package io.upm.plugin.mysql.it;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Nodes over the network, as the runtime offers them: a virtual thread for each call. */
final class LiveNodes implements Nodes {
  private final List<Node> nodes;
  private final Map<String, Credential> credentials;

  LiveNodes(List<Endpoint> endpoints, Map<String, Credential> credentials) {
    this.nodes =
        endpoints.stream().map(endpoint -> new Node(endpoint, false, Optional.empty())).toList();
    this.credentials = Map.copyOf(credentials);
  }

  @Override
  public List<Node> all() {
    return nodes;
  }

  @Override
  public Credential credential(String purpose) {
    return Optional.ofNullable(credentials.get(purpose)).orElseThrow();
  }

  @Override
  public <T> Map<String, Reading<T>> readAll(Duration limit, NodeCall<T> call) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<T>> calls = new LinkedHashMap<>();
      nodes.forEach(node -> calls.put(node.name(), threads.submit(() -> call.on(node))));
      Map<String, Reading<T>> readings = new LinkedHashMap<>();
      calls.forEach((name, one) -> readings.put(name, reading(one, limit)));
      return readings;
    }
  }

  private <T> Reading<T> reading(Future<T> call, Duration limit) {
    try {
      return Reading.of(call.get(limit.toMillis(), TimeUnit.MILLISECONDS), now());
    } catch (ExecutionException e) {
      return Reading.unknown(now(), String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      call.cancel(true);
      return Reading.unknown(now(), "no answer in time");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <T> T on(String node, Duration limit, NodeCall<T> call) {
    Node found = find(node).orElseThrow();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.submit(() -> call.on(found)).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PluginException told) {
        throw told;
      }
      throw PluginException.retryable(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw PluginException.retryable("no answer in time", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Instant now() {
    return Instant.now();
  }
}
