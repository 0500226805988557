package io.upm.runtime.plugin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Puts a plugin's zip into a registry, as the artifact that {@link OciFetcher} reads and that
 * {@code oras push} would make: each blob in one upload, unless the registry has it, and then the
 * manifest.
 */
public final class PluginPush {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String TITLE = "org.opencontainers.image.title";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int MAX_ANSWER = 64 << 10;
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;

  private final PluginSource.Oci target;
  private final WebClient web;
  private final Registry registry;

  private PluginPush(PluginSource.Oci target, WebClient web, Registry registry) {
    this.target = target;
    this.web = web;
    this.registry = registry;
  }

  /**
   * Where a plugin goes.
   *
   * @param text {@code oci://registry/repository}, and a tag if it isn't the version
   * @param dockerConfig text of a Docker configuration file, for the registry's password; {@code
   *     {}} for none
   * @param unencrypted whether the registry is asked without TLS
   * @param authorities whose servers are trusted beside those that Java trusts
   */
  public record Target(
      String text, String dockerConfig, boolean unencrypted, List<Certificate> authorities) {
    public Target {
      authorities = List.copyOf(authorities);
    }

    /** A record's own would tell the password. */
    @Override
    public String toString() {
      return "Target[%s]".formatted(text);
    }
  }

  /**
   * Pushes files as layers, the zip first.
   *
   * @return the artifact with the digest of its manifest, such as {@code oci://host/a@sha256:…}
   * @throws IllegalArgumentException when the target can't be pushed to, with what is allowed
   * @throws IOException when the registry can't be reached, or refuses
   */
  public static String push(Target to, String version, List<Path> files)
      throws IOException, InterruptedException {
    if (!(PluginSource.of(to.text(), version) instanceof PluginSource.Oci target)
        || target.reference().startsWith("sha256:")) {
      throw new IllegalArgumentException("oci://registry/repository, with a :tag if need be");
    }
    var credentials = Credentials.find(to.dockerConfig(), target.registry());
    Set<String> unencrypted = to.unencrypted() ? Set.of(target.registry()) : Set.of();
    try (var web = new WebClient(to.authorities())) {
      var registry = new Registry(web, credentials, unencrypted, Registry.Purpose.PUSH);
      return new PluginPush(target, web, registry).push(files);
    }
  }

  private String push(List<Path> files) throws IOException, InterruptedException {
    ObjectNode manifest = new JsonMapper().createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", MANIFEST);
    manifest.put("artifactType", "application/vnd.upm.plugin.v1");
    describe(manifest.putObject("config"), "application/vnd.oci.empty.v1+json", digest(EMPTY), 2);
    blob(digest(EMPTY), BodyPublishers.ofByteArray(EMPTY));
    ArrayNode layers = manifest.putArray("layers");
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      String digest = digest(file);
      ObjectNode layer = layers.addObject();
      String type = name.endsWith(".zip") ? "application/zip" : "application/octet-stream";
      describe(layer, type, digest, Files.size(file));
      layer.putObject("annotations").put(TITLE, name);
      blob(digest, BodyPublishers.ofFile(file));
    }
    byte[] text = new JsonMapper().writeValueAsBytes(manifest);
    put(
        registry.uri(target, "manifests/" + target.reference()),
        MANIFEST,
        BodyPublishers.ofByteArray(text));
    return "oci://%s/%s@%s".formatted(target.registry(), target.repository(), digest(text));
  }

  private static void describe(ObjectNode node, String type, String digest, long size) {
    node.put("mediaType", type).put("digest", digest).put("size", size);
  }

  private void blob(String digest, BodyPublisher content) throws IOException, InterruptedException {
    URI there = registry.uri(target, "blobs/" + digest);
    var look = HttpRequest.newBuilder(there).timeout(ANSWER).HEAD();
    try (WebClient.Answer known = ask(look)) {
      if (known.status() == OK) {
        return;
      }
    }
    URI uploads = registry.uri(target, "blobs/uploads/");
    var begin = HttpRequest.newBuilder(uploads).timeout(ANSWER).POST(BodyPublishers.noBody());
    String location;
    try (WebClient.Answer begun = ask(begin)) {
      expect(begun, ACCEPTED);
      location = begun.header("Location");
    }
    URI upload = uploads.resolve(location);
    if (!uploads.getAuthority().equals(upload.getAuthority())
        || !uploads.getScheme().equals(upload.getScheme())) {
      // What lets one into this registry is for no other host.
      throw new IOException(
          "%s: the registry wants the upload elsewhere, at %s://%s"
              .formatted(target.text(), upload.getScheme(), upload.getAuthority()));
    }
    String separator = upload.getRawQuery() == null ? "?" : "&";
    put(URI.create(upload + separator + "digest=" + digest), "application/octet-stream", content);
  }

  private void put(URI uri, String type, BodyPublisher content)
      throws IOException, InterruptedException {
    // Its time is that of the upload, too.
    var request = HttpRequest.newBuilder(uri).timeout(WebClient.WHOLE).PUT(content);
    request.header("Content-Type", type);
    try (WebClient.Answer answer = ask(request)) {
      expect(answer, CREATED);
    }
  }

  private WebClient.Answer ask(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return registry.ask(target, authorized -> web.send(request.copy(), authorized));
  }

  private void expect(WebClient.Answer answer, int status) throws IOException {
    if (answer.status() != status) {
      String said = new String(WebClient.small(answer, MAX_ANSWER), StandardCharsets.UTF_8).strip();
      throw new IOException(
          "%s: the registry answers %d%s"
              .formatted(target.text(), answer.status(), said.isEmpty() ? "" : ", " + said));
    }
  }

  private static String digest(byte[] content) {
    return "sha256:" + HexFormat.of().formatHex(OciFetcher.sha256().digest(content));
  }

  private static String digest(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file);
        var in = new DigestInputStream(content, OciFetcher.sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return "sha256:" + HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
  }
}
