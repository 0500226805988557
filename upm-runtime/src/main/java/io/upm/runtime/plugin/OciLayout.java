package io.upm.runtime.plugin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A folder as the OCI image specification lays it out, with one artifact for each plugin: what
 * {@code oras push} would have sent to a registry. The same plugins give the same bytes.
 */
final class OciLayout {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";
  private static final String ARTIFACT = "application/vnd.upm.plugin.v1+zip";
  private static final String TITLE = "org.opencontainers.image.title";
  private static final String TAG = "org.opencontainers.image.ref.name";

  private final Path root;
  private final ArrayNode manifests = JSON.createArrayNode();

  OciLayout(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("blobs").resolve("sha256"));
    write(root.resolve("oci-layout"), JSON.createObjectNode().put("imageLayoutVersion", "1.0.0"));
  }

  /** Adds a file, and its signature if there is one beside it, tagged {@code id-version}. */
  void add(String id, String version, Path zip, Path signature) throws IOException {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", MANIFEST).put("artifactType", ARTIFACT);
    manifest.set("config", blob(EMPTY, "{}".getBytes(StandardCharsets.UTF_8)));
    ArrayNode layers = manifest.putArray("layers");
    layers.add(titled(blob(ARTIFACT, Files.readAllBytes(zip)), zip));
    if (Files.exists(signature)) {
      layers.add(
          titled(blob("application/octet-stream", Files.readAllBytes(signature)), signature));
    }
    ObjectNode entry =
        blob(MANIFEST, JSON.writeValueAsBytes(manifest)).put("artifactType", ARTIFACT);
    // Tags can't hold a plus.
    entry.putObject("annotations").put(TAG, id + "-" + version.replace('+', '_'));
    manifests.add(entry);
  }

  /** Writes what leads to all that was added. */
  void close() throws IOException {
    ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2);
    index.put("mediaType", "application/vnd.oci.image.index.v1+json").set("manifests", manifests);
    write(root.resolve("index.json"), index);
  }

  private ObjectNode blob(String type, byte[] content) throws IOException {
    String digest = HexFormat.of().formatHex(PluginCache.sha256().digest(content));
    Files.write(root.resolve("blobs").resolve("sha256").resolve(digest), content);
    return JSON.createObjectNode()
        .put("mediaType", type)
        .put("digest", "sha256:" + digest)
        .put("size", content.length);
  }

  private static ObjectNode titled(ObjectNode blob, Path file) {
    blob.putObject("annotations").put(TITLE, String.valueOf(file.getFileName()));
    return blob;
  }

  private static void write(Path file, ObjectNode content) throws IOException {
    Files.write(file, JSON.writeValueAsBytes(content));
  }
}
