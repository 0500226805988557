package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.runtime.testing.TestRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts of a real registry. */
class RegistryIT {
  private static final byte[] ZIP = "a zip".repeat(100_000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] SIGNATURE = {1, 2, 3};

  @TempDir private Path directory;

  private TestRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = TestRegistry.start(directory);
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private Optional<byte[]> fetch(String source, Credentials credentials, ByteArrayOutputStream into)
      throws Exception {
    String host = registry.host();
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
    registry.push("upm/toy", "1.0.0_b1", Map.of("toy.zip", ZIP, "toy.zip.sig", SIGNATURE));
    var into = new ByteArrayOutputStream();
    var password = new Credentials(Optional.of(registry.authorization()));

    assertThat(fetch("/upm/toy", password, into).orElseThrow()).isEqualTo(SIGNATURE);
    assertThat(into.toByteArray()).isEqualTo(ZIP);

    assertThatThrownBy(() -> fetch("/upm/toy:other", password, into))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("404");
    assertThatThrownBy(() -> fetch("/upm/toy", Credentials.NONE, into))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("spec.pullSecret");
  }

  @Test
  void givesWhatThisToolPushed() throws Exception {
    Path zip = Files.write(directory.resolve("toy.zip"), ZIP);
    Path signature = Files.write(directory.resolve("toy.zip.sig"), SIGNATURE);
    String target = "oci://%s/upm/toy".formatted(registry.host());
    var to = new PluginPush.Target(target, dockerConfig(), true, List.of());

    String first = PluginPush.push(to, "1.0.0+b1", List.of(zip, signature));
    String again = PluginPush.push(to, "1.0.0+b1", List.of(zip, signature));

    assertThat(again).as("the same once more").isEqualTo(first).startsWith(target + "@sha256:");
    var into = new ByteArrayOutputStream();
    var password = new Credentials(Optional.of(registry.authorization()));
    String source = first.substring(("oci://" + registry.host()).length());
    assertThat(fetch(source, password, into).orElseThrow()).isEqualTo(SIGNATURE);
    assertThat(into.toByteArray()).isEqualTo(ZIP);
    var anonymous = new PluginPush.Target(target, "{}", true, List.of());
    assertThatThrownBy(() -> PluginPush.push(anonymous, "1.0.0", List.of(zip)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--docker-config");
  }

  private String dockerConfig() {
    return "{\"auths\": {\"%s\": {\"username\": \"%s\", \"password\": \"%s\"}}}"
        .formatted(registry.host(), TestRegistry.USER, TestRegistry.PASSWORD);
  }
}
