package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real registry, with a password: the program that {@code UPM_REGISTRY} leads to; {@code
 * hack/cluster/cluster build registry} makes it.
 */
class RegistryIT {
  private static final String PASSWORD = "user:pass word";
  private static final byte[] ZIP = "a zip".repeat(100_000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] SIGNATURE = {1, 2, 3};

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable Process registry;
  private String host = "";

  @BeforeEach
  void start() throws IOException {
    String program = System.getenv().getOrDefault("UPM_REGISTRY", "");
    Assumptions.assumeFalse(program.isEmpty(), "UPM_REGISTRY names no program of a registry");
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      host = "127.0.0.1:" + free.getLocalPort();
    }
    Files.writeString(
        directory.resolve("passwords"),
        "user:" + OpenBSDBCrypt.generate("2y", "pass word".toCharArray(), new byte[16], 4) + "\n");
    Files.writeString(
        directory.resolve("config.yaml"),
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: %s}
        auth: {htpasswd: {realm: test, path: %s}}
        """
            .formatted(directory.resolve("data"), host, directory.resolve("passwords")));
    registry =
        new ProcessBuilder(program, "serve", directory.resolve("config.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(send(request("/v2/").GET()).statusCode()).isEqualTo(200));
  }

  @AfterEach
  void stop() throws InterruptedException {
    Process running = registry;
    if (running != null) {
      running.destroy();
      running.waitFor();
    }
    client.close();
  }

  private HttpRequest.Builder request(String path) {
    URI uri = path.startsWith("http") ? URI.create(path) : URI.create("http://" + host + path);
    return HttpRequest.newBuilder(uri).header("Authorization", basic());
  }

  private static String basic() {
    return "Basic " + Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As the distribution specification has it: each blob in one upload, then the manifest. */
  private void push(String tag, Map<String, byte[]> files) throws Exception {
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    upload(empty);
    for (byte[] file : files.values()) {
      upload(file);
    }
    String layers =
        files.entrySet().stream()
            .map(file ->
                descriptor("application/octet-stream", file.getValue())
                        .replaceFirst(
                            "}$", ", \"annotations\": {\"org.opencontainers.image.title\": \"")
                    + file.getKey()
                    + "\"}}")
            .collect(Collectors.joining(","));
    String manifest =
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "artifactType": "application/vnd.unknown.artifact.v1",
         "config": %s, "layers": [%s]}
        """
            .formatted(descriptor("application/vnd.oci.empty.v1+json", empty), layers);
    HttpResponse<String> answer =
        send(
            request("/v2/upm/toy/manifests/" + tag)
                .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static String descriptor(String type, byte[] content) {
    try {
      return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d}"
          .formatted(type, FetchersTest.digest(content), content.length);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void upload(byte[] content) throws Exception {
    HttpResponse<String> begun =
        send(request("/v2/upm/toy/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()));
    String location = begun.headers().firstValue("Location").orElseThrow();
    HttpResponse<String> answer =
        send(
            request(
                    location
                        + (location.contains("?") ? "&" : "?")
                        + "digest="
                        + FetchersTest.digest(content))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private Optional<byte[]> fetch(String source, Credentials credentials, ByteArrayOutputStream into)
      throws Exception {
    try (var web = new WebClient(List.of())) {
      return new OciFetcher(web, new Registry(web, credentials, Set.of(host)))
          .fetch(
              (PluginSource.Oci) PluginSource.of("oci://" + host + source, "1.0.0+b1"),
              into,
              (bytes, of) -> assertThat(of).isEqualTo(ZIP.length));
    }
  }

  @Test
  void givesWhatWasPushedToWhoHasThePassword() throws Exception {
    push("1.0.0_b1", Map.of("toy.zip", ZIP, "toy.zip.sig", SIGNATURE));
    var into = new ByteArrayOutputStream();
    var password = new Credentials(Optional.of(basic()));

    assertThat(fetch("/upm/toy", password, into).orElseThrow()).isEqualTo(SIGNATURE);
    assertThat(into.toByteArray()).isEqualTo(ZIP);

    assertThatThrownBy(() -> fetch("/upm/toy:other", password, into))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("404");
    assertThatThrownBy(() -> fetch("/upm/toy", Credentials.NONE, into))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("spec.pullSecret");
  }
}
