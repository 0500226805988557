package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.definition.Definitions;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.toy.ToyManager;
import io.upm.testkit.crd.TopologyCrd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plugin objects against a real API server: what doesn't come to serve, and why. */
@Tag("side-by-side")
class PluginRefusalsIT extends TwoVersions {
  @Test
  void refuseOtherContentOfTheVersionThatWasFetched() throws Exception {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    scene.stop();
    scene.zip("1.0.0", "1 2 3");
    deleteCache();

    scene.start();

    scene.awaitReady("False", "DigestMismatch", "sha256:", "fetched first");
    assertThat(scene.serving()).isEmpty();
  }

  @Test
  void goOnWithTheOldVersionWhenTheNewOneIsRefused() throws Exception {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    Files.writeString(scene.file("1.2.0"), "no zip");
    ToyZip.sound(scene.id(), "1.3.0", "1 2")
        .with("plugin.properties", properties("1.3.0", ">=9.0.0 & <10.0.0"))
        .write(scene.file("1.3.0"));
    ToyZip.sound(scene.id(), "1.4.0", "1 2")
        .with("classes/org/slf4j/Logger.class", "x")
        .write(scene.file("1.4.0"));
    ToyZip.sound("else", "1.5.0", "1 2").write(scene.file("1.5.0"));
    ToyZip.sound(scene.id(), "1.6.0", "1 2")
        .with("classes/META-INF/services/io.upm.spi.EnginePlugin", "no.such.Type")
        .write(scene.file("1.6.0"));
    ToyZip.sound(scene.id(), "1.7.0", "1 2").with("../outside", "x").write(scene.file("1.7.0"));
    new ToyZip(scene.id(), "1.8.0").write(scene.file("1.8.0"));
    ToyZip.sound(scene.id(), "1.10.0", "1 2")
        .with("crds/toy.yaml", "kind: None")
        .write(scene.file("1.10.0"));

    refused("1.2.0", "NotAPlugin", "toy-1.2.0.zip");
    refused("1.3.0", "Incompatible", "SPI >=9.0.0");
    refused("1.4.0", "NotAPlugin", "slf4j");
    refused("1.5.0", "OtherPlugin", "\"else\"");
    refused("1.6.0", "LoadFailed", "no.such.Type");
    refused("1.7.0", "NotAPlugin", "outside of it");
    refused("1.8.0", "LoadFailed", "parameters of toy 2.0");
    refused("1.9.0", "FetchFailed", "toy-1.9.0.zip");
    refused("1.10.0", "LoadFailed", "crds/", "CustomResourceDefinition");
    assertThat(scene.serving()).contains("1.0.0");
    assertThat(scene.status().version()).isEqualTo("1.0.0");

    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
  }

  @Test
  void refuseAWrongDigestAndTakeTheRightOne() throws Exception {
    scene.apply(with("sha256:" + "0".repeat(64), null));
    scene.awaitReady("False", "DigestMismatch", "spec.digest");
    assertThat(scene.serving()).isEmpty();

    String right = digest(scene.file("1.0.0"));
    scene.apply(with(right, null));
    scene.awaitServing("1.0.0");
    assertThat(scene.status().digest()).isEqualTo(right);
  }

  @Test
  void refuseToDropAVersionThatAUnitSetHasUntilItIsGone() throws Exception {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    scene.cluster().apply("keeper", "spec/type=toy", "spec/version=1.2.3");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.cluster().get(UnitSet.class, "keeper").getStatus()).isNotNull());
    scene.zip("2.0.0", "2");

    scene.install("2.0.0");

    scene.awaitReady("False", "EngineVersionInUse", "/keeper (1.2.3)");
    assertThat(scene.serving()).contains("1.0.0");
    assertThat(scene.status().waitingFor()).isNotNull();

    scene.cluster().remove(UnitSet.class, "keeper");
    scene.awaitServing("2.0.0");
  }

  @Test
  void refuseToNarrowAKind() throws Exception {
    String suffix = scene.cluster().namespace().replaceAll("[^a-z0-9]", "");
    String wide =
        TopologyCrd.yaml(new ToyManager().descriptor())
            .replace("toyreplications", "toy" + suffix + "s")
            .replace("toyreplication", "toy" + suffix)
            .replace("ToyReplication", "Toy" + suffix)
            .replaceAll("(?m)^ +shortNames:\\R.*\\R", "");
    var definition = Definitions.read(wide);
    scene.cluster().client().resource(definition).create();
    try {
      ToyZip.sound(scene.id(), "1.2.0", "1 2")
          .with("crds/own.yaml", wide)
          .write(scene.file("1.2.0"));
      ToyZip.sound(scene.id(), "1.3.0", "1 2")
          .with("crds/own.yaml", wide.replace("misbehave:", "behave:"))
          .write(scene.file("1.3.0"));
      scene.install("1.2.0");
      scene.awaitServing("1.2.0");

      refused("1.3.0", "NarrowsKind", "Toy" + suffix + ": spec.misbehave is gone");
      // And one that knows nothing of the kind at all.
      refused("1.1.0", "NarrowsKind", "kind Toy" + suffix + " is gone");
      assertThat(scene.serving()).contains("1.2.0");
    } finally {
      scene.cluster().client().resource(definition).delete();
    }
  }

  @Test
  void areRefusedByTheApiServerWhenTheyMakeNoSense() {
    assertRefused(
        new PluginPackageSpec("ftp://host/a.zip", "1.0.0", null, null, null, Map.of(), null),
        "spec.source must begin with");
    assertRefused(scene.spec("latest", null), "spec.version");
    assertRefused(with("md5:1", null), "spec.digest");
    assertRefused(with(null, "secret"), "spec.pullSecret");
  }

  private void assertRefused(PluginPackageSpec spec, String why) {
    assertThatThrownBy(() -> scene.apply(spec))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(why);
  }

  private void refused(String version, String reason, String... words) {
    scene.install(version);
    scene.awaitReady("False", reason, words);
  }

  private PluginPackageSpec with(@Nullable String digest, @Nullable String secret) {
    return new PluginPackageSpec(scene.source(), "1.0.0", digest, null, secret, Map.of(), null);
  }

  private void deleteCache() throws IOException {
    try (var files = Files.walk(root.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String digest(Path file) throws Exception {
    byte[] content = Files.readAllBytes(file);
    return "sha256:"
        + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private String properties(String version, String requires) {
    return "plugin.id=%s\nplugin.version=%s\nplugin.requires=%s\n"
        .formatted(scene.id(), version, requires);
  }
}
