package io.upm.runtime.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.upm.spi.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTPS server that the API server asks: {@code POST /validate} with an AdmissionReview. */
public final class WebhookServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Larger than any object that etcd takes. */
  private static final int LARGEST_REQUEST = 8 << 20;

  private static final int INVALID = 422;

  private final Review review;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Binds the port; serves after {@link #start()}. */
  public WebhookServer(int port, SSLContext tls, Review review) {
    this.review = review;
    try {
      server = HttpsServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("the webhook's port " + port + " can't be bound", e);
    }
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext("/validate", this::validate);
  }

  public void start() {
    server.start();
  }

  /** The port that is bound. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void validate(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_REQUEST);
      JsonNode request = MAPPER.readTree(body).path("request");
      byte[] answer = MAPPER.writeValueAsBytes(answer(request));
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private ObjectNode answer(JsonNode request) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode response = root.putObject("response");
    response.put("uid", request.path("uid").asText());
    try {
      List<Problem> problems = review.problems(request);
      response.put("allowed", problems.isEmpty());
      if (!problems.isEmpty()) {
        response
            .putObject("status")
            .put("code", INVALID)
            .put("reason", "Invalid")
            .put(
                "message",
                problems.stream().map(Problem::sentence).collect(Collectors.joining("; ")));
      }
    } catch (RuntimeException e) {
      // A rule that fails must not keep users from their objects: the reconciler judges again.
      LOG.warn("the object of an admission request could not be judged", e);
      response.put("allowed", true);
      response.putArray("warnings").add("this object could not be judged: " + text(e));
    }
    return root;
  }

  private static String text(RuntimeException e) {
    String message = e.getMessage();
    return new String(
        (message == null ? e.getClass().getSimpleName() : message)
            .getBytes(StandardCharsets.US_ASCII),
        StandardCharsets.US_ASCII);
  }
}
