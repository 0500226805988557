package io.upm.runtime.plugin;

import static io.upm.runtime.testing.TestRegistry.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.upm.runtime.admission.ServingCertificate;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against servers in this process. */
class FetchersTest {
  private static final Fetcher.Progress UNTOLD = (bytes, of) -> {};
  private static final byte[] ZIP = "a zip".getBytes(StandardCharsets.UTF_8);

  private final CertificateAuthority authority = TestAuthority.create(Clock.systemUTC());
  private final List<String> authorizations = new ArrayList<>();
  private HttpsServer https;
  private HttpServer http;

  @BeforeEach
  void serve() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    https = HttpsServer.create(address, 0);
    https.setHttpsConfigurator(
        new HttpsConfigurator(
            new ServingCertificate(authority, Clock.systemUTC(), "localhost").context()));
    http = HttpServer.create(address, 0);
    https.start();
    http.start();
  }

  @AfterEach
  void stop() {
    https.stop(0);
    http.stop(0);
  }

  private List<Certificate> authorities() throws Exception {
    return List.copyOf(
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(
                    authority.authorityPem().getBytes(StandardCharsets.US_ASCII))));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void serve(HttpServer server, String path, byte[] body) {
    server.createContext(
        path,
        exchange -> {
          boolean exact = exchange.getRequestURI().getPath().equals(path);
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          answer(exchange, exact ? 200 : 404, exact ? body : new byte[0]);
        });
  }

  private String https(String path) {
    return "https://localhost:%d%s".formatted(https.getAddress().getPort(), path);
  }

  private Optional<byte[]> fetch(String source, ByteArrayOutputStream into) throws Exception {
    try (var web = new WebClient(authorities())) {
      return new HttpsFetcher(web, new Credentials(Optional.of("Basic eDp5")))
          .fetch((PluginSource.Https) PluginSource.of(source, "1.0.0"), into, UNTOLD);
    }
  }

  @Test
  void readAZipAndItsSignatureFromAServerOfAnOwnAuthority() throws Exception {
    serve(https, "/a-1.0.0.zip", ZIP);
    serve(https, "/a-1.0.0.zip.sig", new byte[] {7});
    var into = new ByteArrayOutputStream();

    assertThat(fetch(https("/a-{version}.zip"), into).orElseThrow()).containsExactly(7);

    assertThat(into.toByteArray()).isEqualTo(ZIP);
    assertThat(authorizations).containsExactly("Basic eDp5", "Basic eDp5");
  }

  @Test
  void takeNothingFromAServerThatNobodyVouchesFor() throws Exception {
    serve(https, "/a.zip", ZIP);
    var source = (PluginSource.Https) PluginSource.of(https("/a.zip"), "1.0.0");
    try (var web = new WebClient(List.of())) {
      var fetcher = new HttpsFetcher(web, Credentials.NONE);

      assertThatThrownBy(() -> fetcher.fetch(source, new ByteArrayOutputStream(), UNTOLD))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("localhost");
    }
  }

  @Test
  void followRedirectsButNeitherOutOfEncryptionNorForEver() throws Exception {
    redirect("/there.zip", https("/a.zip"));
    redirect("/plain.zip", "http://localhost:%d/a.zip".formatted(http.getAddress().getPort()));
    redirect("/round.zip", https("/round.zip"));
    serve(https, "/a.zip", ZIP);
    var into = new ByteArrayOutputStream();

    assertThat(fetch(https("/there.zip"), into)).isEmpty();
    assertThat(into.toByteArray()).isEqualTo(ZIP);
    assertThatThrownBy(() -> fetch(https("/plain.zip"), into))
        .hasMessageContaining("isn't encrypted");
    assertThatThrownBy(() -> fetch(https("/round.zip"), into))
        .hasMessageContaining("more than 5 times");
    assertThatThrownBy(() -> fetch(https("/none.zip"), into)).hasMessageContaining("404");
  }

  private void redirect(String path, String to) {
    https.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", to);
          answer(
              exchange,
              exchange.getRequestURI().getPath().endsWith(".sig") ? 404 : 302,
              new byte[0]);
        });
  }

  @Test
  void readAnArtifactWithATokenThatThePasswordIsGivenFor() throws Exception {
    String host = "localhost:%d".formatted(http.getAddress().getPort());
    var source = (PluginSource.Oci) PluginSource.of("oci://" + host + "/a/b", "1.0.0");
    guarded("/v2/a/b/manifests/1.0.0", host, manifest(digest(ZIP)));
    guarded("/v2/a/b/blobs/" + digest(ZIP), host, ZIP);
    serve(http, "/token", "{\"token\": \"let me in\"}".getBytes(StandardCharsets.UTF_8));
    var into = new ByteArrayOutputStream();

    try (var web = new WebClient(List.of())) {
      var registry = new Registry(web, new Credentials(Optional.of("Basic eDp5")), Set.of(host));
      assertThat(new OciFetcher(web, registry).fetch(source, into, UNTOLD)).isEmpty();
    }

    assertThat(into.toByteArray()).isEqualTo(ZIP);
    assertThat(authorizations)
        .containsExactly("null", "Basic eDp5", "Bearer let me in", "Bearer let me in");
  }

  @Test
  void refuseALayerThatArrivesAsAnother() throws Exception {
    String host = "localhost:%d".formatted(http.getAddress().getPort());
    var source = (PluginSource.Oci) PluginSource.of("oci://" + host + "/a", "1.0.0");
    serve(http, "/v2/a/manifests/1.0.0", manifest(digest(ZIP)));
    serve(http, "/v2/a/blobs/" + digest(ZIP), new byte[] {1});
    serve(http, "/v2/a/manifests/two", manifest(digest(ZIP), digest(ZIP)));
    var two = (PluginSource.Oci) PluginSource.of("oci://" + host + "/a:two", "1.0.0");

    try (var web = new WebClient(List.of())) {
      var fetcher = new OciFetcher(web, new Registry(web, Credentials.NONE, Set.of(host)));
      assertThatThrownBy(() -> fetcher.fetch(source, new ByteArrayOutputStream(), UNTOLD))
          .hasMessageContaining("arrived as sha256:");
      assertThatThrownBy(() -> fetcher.fetch(two, new ByteArrayOutputStream(), UNTOLD))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("exactly one must be a plugin's zip");
    }
  }

  @Test
  void findPasswordsByHost() {
    String file =
        """
        {"auths": {"r:5000": {"auth": "eDp5"}, "https://s": {"username": "x", "password": "y"}}}
        """;
    assertThat(Credentials.find(file, "r:5000").basic()).contains("Basic eDp5");
    assertThat(Credentials.find(file, "s").basic()).contains("Basic eDp5");
    assertThat(Credentials.find(file, "t")).isEqualTo(Credentials.NONE);
    assertThat(Credentials.find(file, "s").toString()).doesNotContain("eDp5");
    assertThatThrownBy(() -> Credentials.find("secret", "s"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  private void guarded(String path, String host, byte[] body) {
    http.createContext(
        path,
        exchange -> {
          String given = exchange.getRequestHeaders().getFirst("Authorization");
          authorizations.add(String.valueOf(given));
          if (given == null) {
            exchange
                .getResponseHeaders()
                .add(
                    "WWW-Authenticate",
                    "Bearer realm=\"http://%s/token\",service=\"%s\"".formatted(host, host));
            answer(exchange, 401, new byte[0]);
          } else {
            answer(exchange, 200, body);
          }
        });
  }

  static byte[] manifest(String... digests) {
    String layers =
        String.join(
            ",",
            List.of(digests).stream()
                .map(digest ->
                    ("{\"mediaType\": \"application/zip\", \"digest\": \"%s\", \"size\": 5,"
                            + " \"annotations\": {\"org.opencontainers.image.title\": \"a.zip\"}}")
                        .formatted(digest))
                .toList());
    return ("{\"schemaVersion\": 2, \"layers\": [" + layers + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void keepSettingsOfTrustFromAFileThatIsNotThere() {
    assertThat(PluginTrust.read(java.nio.file.Path.of("/nowhere"))).isEqualTo(PluginTrust.DEFAULT);
    assertThat(PluginTrust.DEFAULT.keys()).isEqualTo(Map.of());
  }
}
