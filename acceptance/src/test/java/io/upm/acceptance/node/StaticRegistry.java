package io.upm.acceptance.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A registry with one artifact in it, as {@code oras push} leaves it, that can only be read. */
final class StaticRegistry implements AutoCloseable {
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private final HttpServer server;

  private StaticRegistry(HttpServer server) {
    this.server = server;
  }

  static StaticRegistry serve(InetAddress address, String repository, String tag, Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      byte[] manifest = manifest(content, file.getFileName().toString());
      HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
      String root = "/v2/" + repository;
      server.createContext("/v2/", exchange -> answer(exchange, "application/json", new byte[0]));
      server.createContext(
          root + "/manifests/" + tag, exchange -> answer(exchange, MANIFEST_TYPE, manifest));
      server.createContext(
          root + "/blobs/" + digest(content),
          exchange -> answer(exchange, "application/octet-stream", content));
      server.start();
      return new StaticRegistry(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Host and port. */
  String address() {
    return server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort();
  }

  private static byte[] manifest(byte[] content, String title) {
    return """
    {"schemaVersion": 2, "mediaType": "%s", "artifactType": "application/vnd.unknown.artifact.v1",
     "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 2},
     "layers": [{"mediaType": "application/zip", "digest": "%s", "size": %d,
                 "annotations": {"org.opencontainers.image.title": "%s"}}]}
    """
        .formatted(
            MANIFEST_TYPE,
            digest("{}".getBytes(StandardCharsets.UTF_8)),
            digest(content),
            content.length,
            title)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void answer(HttpExchange exchange, String type, byte[] content)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
