package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that are bounded in time, in size and in redirects. Made for one plugin and closed with
 * it: a runtime that fetches nothing has no thread for it.
 */
final class WebClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebClient.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** For all of a zip; a stalled server must not hold a plugin up for ever. */
  static final Duration WHOLE = Duration.ofMinutes(15);

  private static final int REDIRECTS = 5;

  private final HttpClient client;
  private final long deadline = System.nanoTime() + WHOLE.toNanos();

  /**
   * @param authorities certificates that are trusted beside those of Java
   */
  WebClient(List<? extends Certificate> authorities) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(context(authorities))
            .build();
  }

  /** An answer whose body is still to be read. */
  record Answer(URI uri, HttpResponse<InputStream> response) implements AutoCloseable {
    int status() {
      return response.statusCode();
    }

    /** How long it is; 0 when the server doesn't say. */
    long length() {
      return Math.max(0, response.headers().firstValueAsLong("Content-Length").orElse(0));
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  /**
   * Asks, and follows redirects. Credentials are for the host that was asked, so they are not sent
   * to another.
   */
  Answer get(URI uri, Map<String, String> headers) throws IOException, InterruptedException {
    URI at = uri;
    for (int hops = 0; hops <= REDIRECTS; hops++) {
      Answer answer = ask(at, sameHost(uri, at) ? headers : without(headers));
      if (answer.status() / 100 != 3 || answer.header("Location").isEmpty()) {
        return answer;
      }
      answer.close();
      at = next(at, answer.header("Location"));
    }
    throw new IOException("%s leads on more than %d times".formatted(uri, REDIRECTS));
  }

  /** Reads a small body whole. */
  static byte[] small(Answer answer, int limit) throws IOException {
    byte[] body = answer.response().body().readNBytes(limit + 1);
    if (body.length > limit) {
      throw new IOException("%s answers more than %d KiB".formatted(answer.uri(), limit >> 10));
    }
    return body;
  }

  /** Copies a zip. */
  void copy(Answer answer, OutputStream into, Fetcher.Progress progress)
      throws IOException, Refusal, InterruptedException {
    var timer =
        CompletableFuture.delayedExecutor(
            Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    CompletableFuture<Void> late = CompletableFuture.runAsync(() -> closeQuietly(answer), timer);
    long total = 0;
    var buffer = new byte[64 << 10];
    try {
      InputStream body = answer.response().body();
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        total += read;
        if (total > Fetcher.MAX_BYTES) {
          throw new Refusal(
              Refusal.Reason.TOO_LARGE,
              "%s is larger than %d MiB".formatted(answer.uri(), Fetcher.MAX_BYTES >> 20));
        }
        into.write(buffer, 0, read);
        progress.arrived(total, answer.length());
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      late.cancel(false);
    }
    if (answer.length() > 0 && answer.length() != total) {
      throw new IOException(
          "%s broke off after %d of %d bytes".formatted(answer.uri(), total, answer.length()));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private Answer ask(URI uri, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri).timeout(ANSWER).GET(), headers);
  }

  /** Asks for more than a GET does; follows no redirect. */
  Answer send(HttpRequest.Builder builder, Map<String, String> headers)
      throws IOException, InterruptedException {
    headers.forEach(builder::header);
    HttpRequest request = builder.build();
    URI uri = request.uri();
    try {
      return new Answer(uri, client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(address(uri), reason(e)), e);
    }
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null || message.isEmpty() ? root.getClass().getSimpleName() : message;
  }

  /** Without what may be a secret, as redirects to stores have in their query. */
  private static String address(URI uri) {
    return "%s://%s%s".formatted(uri.getScheme(), uri.getAuthority(), uri.getPath());
  }

  private static URI next(URI at, String location) throws IOException {
    URI next;
    try {
      next = at.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s leads to nowhere".formatted(address(at)), e);
    }
    if (!"https".equals(next.getScheme()) && !at.getScheme().equals(next.getScheme())) {
      throw new IOException(
          "%s leads to %s, which isn't encrypted".formatted(address(at), address(next)));
    }
    return next;
  }

  private static boolean sameHost(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && String.valueOf(one.getAuthority()).equals(other.getAuthority());
  }

  private static Map<String, String> without(Map<String, String> headers) {
    var left = new HashMap<>(headers);
    left.remove("Authorization");
    return left;
  }

  private static void closeQuietly(Answer answer) {
    try {
      answer.close();
    } catch (IOException e) {
      LOG.debug("{} could not be closed", answer.uri(), e);
    }
  }

  private static SSLContext context(List<? extends Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate known : trusted(null)) {
        store.setCertificateEntry("known-" + count++, known);
      }
      for (Certificate authority : authorities) {
        store.setCertificateEntry("own-" + count++, authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** The authorities that Java comes with. */
  private static List<Certificate> trusted(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
        .map(Certificate.class::cast)
        .toList();
  }
}
