package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.runtime.plugin.Assembler.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssemblerTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path work;
  private String zipDigest = "";

  @BeforeEach
  void makePlugins() throws IOException {
    plugin("paper", "1.0.0");
    zipDigest = plugin("stone", "2.1.0");
  }

  @Test
  void leavesLockFolderAndLayoutOfExactlyWhatWasNamed() throws Exception {
    Path out = assemble(both(), "once");

    JsonNode lock = JSON.readTree(out.resolve("upm.lock").toFile());
    assertThat(lock.path("plugins")).hasSize(2);
    JsonNode stone = lock.at("/plugins/1");
    assertThat(stone.path("id").asText()).isEqualTo("stone");
    assertThat(stone.path("version").asText()).isEqualTo("2.1.0");
    assertThat(stone.path("digest").asText()).isEqualTo("sha256:" + zipDigest);
    assertThat(contents(out).keySet())
        .contains("plugins/paper-1.0.0.zip", "plugins/stone-2.1.0.zip", "oci/index.json")
        .doesNotContain("plugins/other.zip");
    assertThat(Files.exists(out.resolve("oci/blobs/sha256").resolve(zipDigest))).isTrue();
  }

  @Test
  void layoutLeadsFromTheIndexToTheZips() throws Exception {
    Path oci = assemble(both(), "layout").resolve("oci");

    JsonNode index = JSON.readTree(oci.resolve("index.json").toFile());
    JsonNode entry = index.at("/manifests/1");
    assertThat(entry.at("/annotations/org.opencontainers.image.ref.name").asText())
        .isEqualTo("stone-2.1.0");
    byte[] manifest = blob(oci, entry.path("digest").asText());
    JsonNode layers = JSON.readTree(manifest).path("layers");
    assertThat(layers).hasSize(1);
    assertThat(layers.at("/0/digest").asText()).isEqualTo("sha256:" + zipDigest);
    assertThat(Files.readString(oci.resolve("oci-layout"))).contains("1.0.0");
    assertThat(blob(oci, JSON.readTree(manifest).at("/config/digest").asText()))
        .isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void givesTheSameBytesEachTime() throws Exception {
    Map<String, String> once = contents(assemble(both(), "once"));
    Map<String, String> again = contents(assemble(turned(), "again"));

    assertThat(again).isEqualTo(once).hasSizeGreaterThan(6);
  }

  @Test
  void anEarlierAssemblyIsReplacedAsAWhole() throws Exception {
    Path out = assemble(both(), "out");

    assemble("plugins: []", "out");

    assertThat(contents(out).keySet())
        .containsExactly("oci/index.json", "oci/oci-layout", "upm.lock");
    assertThat(JSON.readTree(out.resolve("upm.lock").toFile()).path("plugins")).isEmpty();
  }

  @Test
  void anotherDigestThanTheFileWantsIsRefusedAndChangesNothing() throws Exception {
    Map<String, String> before = contents(assemble(both(), "out"));
    String wrong = "sha256:" + "0".repeat(64);

    assertThatThrownBy(() ->
            assemble(
                both().replace("version: 2.1.0", "version: 2.1.0\n    digest: " + wrong), "out"))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "stone 2.1.0: file://%s is sha256:%s, and its digest in the file allows %s only"
                .formatted(work.resolve("stone.zip"), zipDigest, wrong));

    assertThat(contents(work.resolve("out"))).isEqualTo(before);
    assertThat(work.toFile().list()).noneMatch(name -> name.startsWith(".upm-assembly"));
  }

  @Test
  void aLockAllowsOnlyWhatIsInIt() throws Exception {
    String lock = Files.readString(assemble(both(), "out").resolve("upm.lock"));
    assertThat(contents(assemble(both(), "again", Optional.of(lock))))
        .isEqualTo(contents(work.resolve("out")));

    zipDigest = plugin("stone", "2.1.0", "changed");

    assertThatThrownBy(() -> assemble(both(), "other", Optional.of(lock)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is sha256:" + zipDigest + ", and was sha256:")
        .hasMessageEndingWith("when the lock was made");
    assertThat(work.resolve("other")).doesNotExist();
  }

  @Test
  void whatIsPublishedElsewhereIsLockedToThere() throws Exception {
    Path oci = assemble("publish: oci://r.example.com/upm\n" + both(), "oci");
    Path file = assemble("publish: file:///opt/assembly\n" + both(), "file");

    assertThat(Files.readString(oci.resolve("upm.lock")))
        .contains("oci://r.example.com/upm/stone\"");
    assertThat(Files.readString(file.resolve("upm.lock")))
        .contains("file:///opt/assembly/stone-2.1.0.zip");
  }

  @Test
  void whatIsWrongIsSaidInOneSentence() {
    refuses("{}", "plugins is missing");
    refuses("plugins: [{id: A}]", "plugins[0].id: \"A\" is not allowed: a lower-case letter");
    refuses("plugins: [{id: a, version: x}]", "plugins[0].version: \"x\" is not allowed: such as");
    refuses("plugins: [{id: a, version: 1.0.0}]", "plugins[0].source is missing: oci://");
    refuses(
        "plugins: [{id: a, version: 1.0.0, source: 'ftp://x'}]",
        "plugins[0].source: \"ftp://x\" is not allowed: oci://");
    refuses("plugins: []\npublic: x", "public: there is no such field; there are plugins, publish");
    refuses("plugins: []\npublish: x", "publish: \"x\" is not allowed");
    refuses(both() + entry("stone", "2.1.0"), "plugins[2].id: \"stone\" is not allowed");
    refuses("plugins:\n" + entry("gone", "1.0.0"), "gone 1.0.0: there is no file " + work);
    refuses(both().replace("version: 2.1.0", "version: 2.2.0"), "holds version 2.1.0");
  }

  @Test
  void aFolderWithSomethingElseInItIsLeftAlone() throws IOException {
    Path out = Files.createDirectories(work.resolve("precious"));
    Files.writeString(out.resolve("diary.txt"), "mine");

    assertThatThrownBy(() -> assemble(both(), "precious"))
        .isInstanceOf(Failure.class)
        .hasMessageEndingWith(
            "holds something that is no assembly: name another folder, or empty it");

    assertThat(out.resolve("diary.txt")).hasContent("mine");
  }

  private void refuses(String file, String sentence) {
    assertThatThrownBy(() -> assemble(file, "refused"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(sentence);
    assertThat(work.resolve("refused")).doesNotExist();
  }

  private String both() {
    return "plugins:\n" + entry("paper", "1.0.0") + entry("stone", "2.1.0");
  }

  private String turned() {
    return "plugins:\n" + entry("stone", "2.1.0") + entry("paper", "1.0.0");
  }

  private String entry(String id, String version) {
    return "  - id: %s%n    version: %s%n    source: file://%s%n"
        .formatted(id, version, work.resolve(id + ".zip"));
  }

  private Path assemble(String file, String out) throws Failure, InterruptedException {
    return assemble(file, out, Optional.empty());
  }

  private Path assemble(String file, String out, Optional<String> lock)
      throws Failure, InterruptedException {
    new Assembler("{}", InstantSource.fixed(Instant.EPOCH)).assemble(file, lock, work.resolve(out));
    return work.resolve(out);
  }

  private String plugin(String id, String version) throws IOException {
    return plugin(id, version, "first");
  }

  /** As much of a plugin as can be told apart from none without loading it. */
  private String plugin(String id, String version, String content) throws IOException {
    Path zip = work.resolve(id + ".zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      entry(out, "plugin.properties", properties(id, version));
      entry(out, "classes/META-INF/services/io.upm.spi.EnginePlugin", "a.b.C");
      entry(out, "classes/content.txt", content);
    }
    byte[] digest = PluginCache.sha256().digest(Files.readAllBytes(zip));
    return HexFormat.of().formatHex(digest);
  }

  private static String properties(String id, String version) {
    return """
    plugin.id=%s
    plugin.version=%s
    plugin.requires=>=0.1.0 & <0.2.0
    plugin.description=For tests
    plugin.license=Apache-2.0
    """
        .formatted(id, version);
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    var entry = new ZipEntry(name);
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private static byte[] blob(Path oci, String digest) throws IOException {
    return Files.readAllBytes(oci.resolve("blobs").resolve(digest.replace(':', '/')));
  }

  /** Every file below, with its bytes. */
  private static Map<String, String> contents(Path folder) throws IOException {
    var contents = new TreeMap<String, String>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
