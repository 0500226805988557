package io.upm.runtime.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Artifacts in registries, as {@code oras push} makes them: a manifest whose one layer is the zip;
 * a second one, whose title ends with {@code .sig}, is its signature. By the GETs of the OCI
 * distribution specification.
 */
final class OciFetcher {
  private static final String TITLE = "org.opencontainers.image.title";
  private static final String MANIFESTS =
      "application/vnd.oci.image.manifest.v1+json,"
          + "application/vnd.docker.distribution.manifest.v2+json";
  private static final int MAX_MANIFEST = 4 << 20;
  private static final int MAX_SIGNATURE = 64 << 10;
  private static final int OK = 200;

  private final WebClient web;
  private final Registry registry;

  /**
   * @param registry knows how to be let in
   */
  OciFetcher(WebClient web, Registry registry) {
    this.web = web;
    this.registry = registry;
  }

  /** One layer of a manifest. */
  private record Layer(String digest, String title) {}

  Optional<byte[]> fetch(PluginSource.Oci source, OutputStream into, Fetcher.Progress progress)
      throws IOException, Refusal, InterruptedException {
    List<Layer> layers = layers(source);
    List<Layer> signatures = layers.stream().filter(one -> one.title().endsWith(".sig")).toList();
    List<Layer> zips = layers.stream().filter(one -> !signatures.contains(one)).toList();
    if (zips.size() != 1 || signatures.size() > 1) {
      throw notAPlugin(
          source,
          "has layers %s: exactly one must be a plugin's zip, and one whose title ends with .sig may be its signature"
              .formatted(layers.stream().map(Layer::title).toList()));
    }
    blob(source, zips.getFirst(), into, progress);
    if (signatures.isEmpty()) {
      return Optional.empty();
    }
    var signature = new ByteArrayOutputStream();
    blob(source, signatures.getFirst(), signature, (bytes, of) -> {});
    return Optional.of(signature.toByteArray());
  }

  private List<Layer> layers(PluginSource.Oci source)
      throws IOException, Refusal, InterruptedException {
    URI uri = registry.uri(source, "manifests/" + source.reference());
    byte[] body;
    try (WebClient.Answer answer = registry.get(source, uri, MANIFESTS)) {
      if (answer.status() != OK) {
        throw new IOException(
            "%s: the registry answers %d".formatted(source.text(), answer.status()));
      }
      body = WebClient.small(answer, MAX_MANIFEST);
    }
    String digest = "sha256:" + HexFormat.of().formatHex(sha256().digest(body));
    if (source.reference().startsWith("sha256:") && !source.reference().equals(digest)) {
      throw new Refusal(
          Refusal.Reason.DIGEST_MISMATCH,
          "%s: the registry answers with manifest %s".formatted(source.text(), digest));
    }
    return layers(source, body);
  }

  private static List<Layer> layers(PluginSource.Oci source, byte[] body)
      throws IOException, Refusal {
    JsonNode manifest;
    try {
      manifest = new JsonMapper().readTree(body);
    } catch (JsonProcessingException e) {
      throw notAPlugin(source, "has a manifest that is no JSON");
    }
    if (manifest.has("manifests")) {
      throw notAPlugin(source, "is an index of several artifacts: name one of them");
    }
    var layers = new ArrayList<Layer>();
    for (JsonNode layer : manifest.path("layers")) {
      String digest = layer.path("digest").asText();
      if (!digest.matches("sha256:[0-9a-f]{64}")) {
        throw notAPlugin(source, "has a layer without a SHA-256");
      }
      layers.add(new Layer(digest, layer.path("annotations").path(TITLE).asText("(untitled)")));
    }
    return layers;
  }

  private void blob(
      PluginSource.Oci source, Layer layer, OutputStream into, Fetcher.Progress progress)
      throws IOException, Refusal, InterruptedException {
    URI uri = registry.uri(source, "blobs/" + layer.digest());
    MessageDigest digest = sha256();
    try (WebClient.Answer answer = registry.get(source, uri, "*/*")) {
      if (answer.status() != OK) {
        throw new IOException(
            "%s: the registry answers %d for layer %s"
                .formatted(source.text(), answer.status(), layer.title()));
      }
      if (layer.title().endsWith(".sig")) {
        into.write(digested(WebClient.small(answer, MAX_SIGNATURE), digest));
      } else {
        web.copy(answer, new DigestOutputStream(into, digest), progress);
      }
    }
    String arrived = "sha256:" + HexFormat.of().formatHex(digest.digest());
    if (!arrived.equals(layer.digest())) {
      throw new IOException(
          "%s: layer %s arrived as %s".formatted(source.text(), layer.digest(), arrived));
    }
  }

  private static byte[] digested(byte[] bytes, MessageDigest digest) {
    digest.update(bytes);
    return bytes;
  }

  private static Refusal notAPlugin(PluginSource.Oci source, String why) {
    return new Refusal(Refusal.Reason.NOT_A_PLUGIN, source.text() + " " + why);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
