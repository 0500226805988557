package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.host.plugin.PluginArchive;
import io.upm.runtime.engine.ToyZip;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What authors of plugins do, as far as it needs neither Maven nor a registry. */
class PluginAuthorTest {
  private static final List<String> UNKNOWN =
      List.of("${artifactId}", "${groupId}", "${package}", "${version}", "${upmVersion}");

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aNewProjectIsWholeAndNamedAsWanted() throws IOException {
    Path project = directory.resolve("project");

    int code =
        run("init", "my-engine", "--directory", project.toString(), "--group", "org.example");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("upm plugin build " + project);
    assertThat(project.resolve("src/test/java/org/example/myengine/TckTest.java")).exists();
    assertThat(project.resolve("src/main/resources/META-INF/services/io.upm.spi.EnginePlugin"))
        .hasContent("org.example.myengine.KeyValuePlugin");
    assertThat(project.resolve("examples/unitset.yaml")).content().contains("type: my-engine");
    try (var files = Files.walk(project)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(UNKNOWN);
      }
    }
  }

  @Test
  void whatIsThereIsNotTouched() throws IOException {
    Path present = Files.writeString(directory.resolve("pom.xml"), "mine");

    assertThat(run("init", "my-engine", "--directory", directory.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("is not empty; nothing was written");
    assertThat(present).hasContent("mine");
    assertThat(directory).isDirectoryContaining(present::equals);
  }

  @ParameterizedTest
  @CsvSource({
    "My-Engine, org.example, PLUGIN",
    "1st, org.example, PLUGIN",
    "engine, org.2example, --group",
    "class, org.example, --package"
  })
  void aNameThatCantBeOneIsRefused(String id, String group, String what) {
    Path project = directory.resolve("project");

    assertThat(run("init", id, "--directory", project.toString(), "--group", group)).isEqualTo(2);

    assertThat(err.toString()).contains(what + ": \"");
    assertThat(project).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"Ed25519, Ed25519", "secp256r1, SHA256withECDSA"})
  void aSignatureIsOverTheZip(String kind, String algorithm) throws Exception {
    Path zip = zip();
    KeyPair pair = pair(kind);

    assertThat(run("sign", zip.toString(), "--key", pem(pair.getPrivate(), "rw-------")))
        .as(err.toString())
        .isZero();

    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(pair.getPublic());
    verifier.update(Files.readAllBytes(zip));
    String signature = Files.readString(directory.resolve("toy.zip.sig")).strip();
    assertThat(verifier.verify(Base64.getDecoder().decode(signature))).isTrue();
  }

  @Test
  void aKeyThatOthersMayReadSignsNothing() throws Exception {
    Path zip = zip();

    assertThat(run("sign", zip.toString(), "--key", pem(pair("Ed25519").getPrivate(), "rw-r--r--")))
        .isEqualTo(1);

    assertThat(err.toString()).contains("chmod 600");
    assertThat(directory.resolve("toy.zip.sig")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp384r1", "RSA"})
  void aKeyThatNoRuntimeTrustsIsRefused(String kind) throws Exception {
    String key = pem(pair(kind).getPrivate(), "rw-------");

    assertThat(run("sign", zip().toString(), "--key", key)).isEqualTo(1);

    assertThat(err.toString()).contains("is not a private key of Ed25519 or P-256");
  }

  @Test
  void whatIsNoPluginIsNeitherSignedNorPushed() throws Exception {
    Path file = Files.writeString(directory.resolve("a.zip"), "not a zip");
    String key = pem(pair("Ed25519").getPrivate(), "rw-------");

    assertThat(run("sign", file.toString(), "--key", key)).isEqualTo(1);
    assertThat(run("push", file.toString(), "oci://127.0.0.1:1/a")).isEqualTo(1);

    assertThat(err.toString()).contains("a.zip can't be read as a zip");
  }

  @Test
  void aPluginIsPushedOnlyToRegistries() throws Exception {
    String zip = zip().toString();

    assertThat(run("push", zip, "https://host/a.zip")).isEqualTo(2);
    assertThat(err.toString()).contains("oci://registry/repository");
    assertThat(run("push", zip, "oci://127.0.0.1:1/a", "--plain-http")).isEqualTo(1);
    assertThat(err.toString()).contains("http://127.0.0.1:1/v2/a/blobs/");
  }

  @Test
  void aDirectoryWithoutAProjectIsNotBuilt() {
    assertThat(run("build", directory.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("holds no pom.xml");
  }

  private int run(String... arguments) {
    CommandLine tool = UpmCli.commandLine();
    tool.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return tool.execute(
        Stream.concat(Stream.of("plugin"), Stream.of(arguments)).toArray(String[]::new));
  }

  private Path zip() throws IOException {
    Path zip = directory.resolve("toy.zip");
    ToyZip.sound("toy", "1.0.0", "1 2").write(zip);
    assertThat(PluginArchive.read(zip).key().version()).isEqualTo("1.0.0");
    return zip;
  }

  private static KeyPair pair(String kind) throws GeneralSecurityException {
    if (kind.startsWith("secp")) {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new java.security.spec.ECGenParameterSpec(kind));
      return generator.generateKeyPair();
    }
    return KeyPairGenerator.getInstance(kind).generateKeyPair();
  }

  private String pem(PrivateKey key, String permissions) throws IOException {
    Path file = directory.resolve("key.pem");
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8))
            .encodeToString(key.getEncoded());
    Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(text));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file.toString();
  }
}
