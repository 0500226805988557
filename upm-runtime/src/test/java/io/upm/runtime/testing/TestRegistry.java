package io.upm.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Assumptions;

/**
 * A real registry, with a password and without TLS: the program that {@code UPM_REGISTRY} leads to;
 * {@code hack/cluster/cluster build registry} makes it.
 */
public final class TestRegistry implements AutoCloseable {
  public static final String USER = "user";
  public static final String PASSWORD = "pass word";

  private final HttpClient client = HttpClient.newHttpClient();
  private final String host;
  private final Process process;

  private TestRegistry(String host, Process process) {
    this.host = host;
    this.process = process;
  }

  /** Starts one that keeps all it has in a directory. */
  public static TestRegistry start(Path directory) throws IOException {
    String program = System.getenv().getOrDefault("UPM_REGISTRY", "");
    Assumptions.assumeFalse(program.isEmpty(), "UPM_REGISTRY names no program of a registry");
    String host;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      host = "127.0.0.1:" + free.getLocalPort();
    }
    Path passwords = Files.createDirectories(directory).resolve("passwords");
    String hash = OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), new byte[16], 4);
    Files.writeString(passwords, USER + ":" + hash + "\n");
    Path config = directory.resolve("config.yaml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: %s}
        auth: {htpasswd: {realm: test, path: %s}}
        """
            .formatted(directory.resolve("data"), host, passwords));
    Process process =
        new ProcessBuilder(program, "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    var registry = new TestRegistry(host, process);
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(registry.send(registry.request("/v2/").GET()).statusCode()).isEqualTo(200));
    return registry;
  }

  /** Host and port. */
  public String host() {
    return host;
  }

  /** Value of the header that lets one in. */
  public String authorization() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    client.close();
  }

  /** Pushes files as layers: each blob in one upload, then the manifest. */
  public void push(String repository, String tag, Map<String, byte[]> files)
      throws IOException, InterruptedException {
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    upload(repository, empty);
    for (byte[] file : files.values()) {
      upload(repository, file);
    }
    String layers =
        files.entrySet().stream()
            .map(file ->
                descriptor(
                    "application/octet-stream",
                    file.getValue(),
                    ", \"annotations\": {\"org.opencontainers.image.title\": \"%s\"}"
                        .formatted(file.getKey())))
            .collect(Collectors.joining(","));
    String manifest =
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "artifactType": "application/vnd.unknown.artifact.v1",
         "config": %s, "layers": [%s]}
        """
            .formatted(descriptor("application/vnd.oci.empty.v1+json", empty, ""), layers);
    HttpResponse<String> answer =
        send(
            request("/v2/%s/manifests/%s".formatted(repository, tag))
                .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static String descriptor(String type, byte[] content, String more) {
    return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d%s}"
        .formatted(type, digest(content), content.length, more);
  }

  private void upload(String repository, byte[] content) throws IOException, InterruptedException {
    HttpResponse<String> begun =
        send(
            request("/v2/%s/blobs/uploads/".formatted(repository))
                .POST(HttpRequest.BodyPublishers.noBody()));
    String location = begun.headers().firstValue("Location").orElseThrow();
    String separator = location.contains("?") ? "&" : "?";
    HttpResponse<String> answer =
        send(
            request(location + separator + "digest=" + digest(content))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private HttpRequest.Builder request(String path) {
    URI uri = path.startsWith("http") ? URI.create(path) : URI.create("http://" + host + path);
    return HttpRequest.newBuilder(uri).header("Authorization", authorization());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As registries and Plugins write a SHA-256. */
  public static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
