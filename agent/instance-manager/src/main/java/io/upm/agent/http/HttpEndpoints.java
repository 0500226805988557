package io.upm.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.upm.agent.report.Status;
import io.upm.agent.report.StatusBoard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Plain HTTP for the kubelet and for Prometheus: {@code /livez}, {@code /readyz}, {@code /metrics}.
 */
public final class HttpEndpoints implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final StatusBoard board;
  private final Supplier<Metrics.Facts> facts;

  private record Answer(int code, String text) {}

  private interface Endpoint {
    Answer answer();
  }

  private HttpEndpoints(HttpServer server, StatusBoard board, Supplier<Metrics.Facts> facts) {
    this.server = server;
    this.board = board;
    this.facts = facts;
  }

  /**
   * Serves.
   *
   * @param port port on all addresses; 0 for any
   * @param facts what there is to measure, read at each scrape
   */
  public static HttpEndpoints start(StatusBoard board, int port, Supplier<Metrics.Facts> facts)
      throws IOException {
    var endpoints =
        new HttpEndpoints(HttpServer.create(new InetSocketAddress(port), 0), board, facts);
    endpoints.serve();
    return endpoints;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private void serve() {
    server.setExecutor(executor);
    handle("/livez", () -> new Answer(200, "ok\n"));
    handle("/readyz", this::ready);
    handle("/metrics", () -> new Answer(200, Metrics.text(facts.get())));
    server.start();
  }

  private Answer ready() {
    Status status = board.latest().value();
    return status.ready() ? new Answer(200, "ok\n") : new Answer(503, status.reason() + "\n");
  }

  private void handle(String path, Endpoint endpoint) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            // Contexts also match longer paths.
            boolean known = exchange.getRequestURI().getPath().equals(path);
            boolean reads = exchange.getRequestMethod().matches("GET|HEAD");
            send(
                exchange,
                !known
                    ? new Answer(404, "not found\n")
                    : reads ? endpoint.answer() : new Answer(405, "GET only\n"));
          }
        });
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.code(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.code(), body.length);
    exchange.getResponseBody().write(body);
  }
}
