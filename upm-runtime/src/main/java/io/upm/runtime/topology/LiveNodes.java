package io.upm.runtime.topology;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.NodeCall;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.Reading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one topology object during one look at it. Calls run on virtual threads, inside the
 * plugin's handle, and are interrupted at their limit.
 */
final class LiveNodes implements Nodes {
  /** What a call came to: a value of the plugin, or a failure. */
  private record Outcome<T>(@Nullable T value, @Nullable Exception failure) {}

  private final List<Node> nodes;
  private final Function<String, Credential> credentials;
  private final LoadedPlugin plugin;
  private final InstantSource clock;
  private volatile Set<String> unread = Set.of();

  /**
   * @param credentials credential by purpose
   */
  LiveNodes(
      List<Node> nodes,
      Function<String, Credential> credentials,
      LoadedPlugin plugin,
      InstantSource clock) {
    this.nodes = List.copyOf(nodes);
    this.credentials = credentials;
    this.plugin = plugin;
    this.clock = clock;
  }

  @Override
  public List<Node> all() {
    return nodes;
  }

  @Override
  public Credential credential(String purpose) {
    return credentials.apply(purpose);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public <T> Map<String, Reading<T>> readAll(Duration limit, NodeCall<T> call) {
    long deadline = System.nanoTime() + limit.toNanos();
    var attempts = new LinkedHashMap<String, Attempt<Outcome<T>>>();
    for (Node node : nodes) {
      attempts.put(node.name(), start("read", node, call));
    }
    var readings = new LinkedHashMap<String, Reading<T>>();
    var unknown = new TreeSet<String>();
    attempts.forEach((name, attempt) -> {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      Reading<T> reading = reading(await(attempt, left, limit));
      readings.put(name, reading);
      if (!reading.known()) {
        unknown.add(name);
      }
    });
    unread = Set.copyOf(unknown);
    return readings;
  }

  /** A call without a result, which is none by mistake, was done all the same. */
  @Override
  @SuppressWarnings("NullAway")
  public <T> T on(String node, Duration limit, NodeCall<T> call) {
    Node found =
        find(node)
            .orElseThrow(() -> PluginException.internal("there is no node \"" + node + "\"", null));
    Outcome<T> outcome = await(start("on", found, call), limit, limit);
    Exception failure = outcome.failure();
    if (failure == null) {
      return outcome.value();
    }
    throw failure instanceof PluginException told
        ? told
        : PluginException.retryable(node + ": " + sentence(failure), null);
  }

  /** Nodes that the last reading of all did not reach. */
  Set<String> unread() {
    return unread;
  }

  private <T> Reading<T> reading(Outcome<T> outcome) {
    Exception failure = outcome.failure();
    if (failure != null) {
      return Reading.unknown(now(), sentence(failure));
    }
    T value = outcome.value();
    return value == null
        ? Reading.unknown(now(), "the plugin read nothing")
        : Reading.of(value, now());
  }

  private <T> Attempt<Outcome<T>> start(String operation, Node node, NodeCall<T> call) {
    return Attempt.start(
        operation + "-" + node.name(), () -> plugin.callback(operation, () -> outcome(node, call)));
  }

  /** An exception is how a node that is away shows: no fault of the plugin. */
  private static <T> Outcome<T> outcome(Node node, NodeCall<T> call) throws InterruptedException {
    try {
      return new Outcome<>(call.on(node), null);
    } catch (PluginException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // Its text only: the exception is an object of the plugin.
      return new Outcome<>(null, new IOException(sentence(e)));
    }
  }

  private static <T> Outcome<T> await(Attempt<Outcome<T>> attempt, Duration left, Duration limit) {
    try {
      return attempt.within(left);
    } catch (TimeoutException e) {
      return failed(new IOException("no answer within " + limit.toMillis() + " ms"));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PluginDrainedException drained) {
        throw drained;
      }
      if (e.getCause() instanceof RuntimeException told) {
        return failed(told);
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(new IOException("interrupted"));
    }
  }

  private static <T> Outcome<T> failed(Exception failure) {
    return new Outcome<>(null, failure);
  }

  /** Its message, and that of its root cause, which is often the one that says something. */
  private static String sentence(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    String message = firstLine(failure);
    String reason = firstLine(root);
    return message.contains(reason) ? message : message + " (" + reason + ")";
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message).strip();
  }
}
