package io.upm.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Plain HTTP: {@code /healthz}, {@code /readyz} and {@code /metrics}. */
final class HealthServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Binds the port and serves.
   *
   * @param alive why the process should be restarted; empty when it should not
   * @param ready why it is not ready; empty when it is
   * @param metrics metrics in the format of Prometheus
   */
  HealthServer(
      int port,
      Supplier<Optional<String>> alive,
      Supplier<Optional<String>> ready,
      Supplier<String> metrics) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("the metrics port " + port + " can't be bound", e);
    }
    server.setExecutor(threads);
    server.createContext("/healthz", exchange -> health(exchange, alive.get()));
    server.createContext("/readyz", exchange -> health(exchange, ready.get()));
    server.createContext(
        "/metrics", exchange -> answer(exchange, 200, "text/plain; version=0.0.4", metrics.get()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private static void health(HttpExchange exchange, Optional<String> trouble) throws IOException {
    answer(exchange, trouble.isEmpty() ? 200 : 503, TEXT, trouble.orElse("ok"));
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
