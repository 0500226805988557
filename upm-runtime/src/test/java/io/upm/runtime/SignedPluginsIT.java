package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.plugin.TckPolicy;
import io.upm.runtime.testing.TestRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed plugins from a real registry that asks for a password. */
@Tag("side-by-side")
class SignedPluginsIT {
  private static final String SECRET = "registry";

  @TempDir private Path root;

  private KeyPair pair;
  private TestRegistry registry;
  private PluginScene scene;

  @BeforeEach
  void open() throws Exception {
    registry = TestRegistry.start(root.resolve("registry"));
    scene = new PluginScene(root, "toy");
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    start(SignaturePolicy.REQUIRED);
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private void start(SignaturePolicy policy) throws InterruptedException {
    scene.start(
        new PluginTrust(
            policy,
            TckPolicy.IF_PRESENT,
            Map.of("us", pair.getPublic()),
            List.of(),
            Set.of(registry.host())));
  }

  @Test
  void serveWithPasswordAndSignatureAndNotWithoutThem() throws Exception {
    push("1.0.0", true);
    push("1.1.0", false);

    install("1.0.0", null);
    awaitReady("FetchFailed", "spec.pullSecret");
    install("1.0.0", SECRET);
    awaitReady("FetchFailed", "no Secret");
    makeSecret();
    awaitReady("Serving", "1.0.0");
    assertThat(scene.status().versions().getFirst().signedBy()).isEqualTo("us");

    install("1.1.0", SECRET);
    awaitReady("NotSigned", "1.1.0");
    assertThat(scene.status().version()).isEqualTo("1.0.0");

    push("1.1.0", true);
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    push("1.2.0", true);
    install("1.2.0", SECRET);
    awaitReady("SignatureInvalid", "trusts: us");
    install("1.1.0", SECRET);
    awaitReady("Serving", "1.1.0");
  }

  @Test
  void serveNoLongerWhenARuntimeStartsThatAsksForMore() throws Exception {
    makeSecret();
    push("1.0.0", false);
    scene.stop();
    start(SignaturePolicy.NONE);
    install("1.0.0", SECRET);
    awaitReady("Serving", "1.0.0");

    scene.stop();
    start(SignaturePolicy.REQUIRED);

    awaitReady("NotSigned", "the policy is Required");
    assertThat(scene.serving()).isEmpty();
  }

  private void push(String version, boolean signed)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = root.resolve("toy.zip");
    ToyZip.sound(scene.id(), version, "1 2").write(file);
    byte[] zip = Files.readAllBytes(file);
    registry.push(
        "upm/toy",
        version,
        signed ? Map.of("toy.zip", zip, "toy.zip.sig", sign(zip)) : Map.of("toy.zip", zip));
  }

  private byte[] sign(byte[] content) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(content);
    return signature.sign();
  }

  private void makeSecret() {
    scene
        .cluster()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .withNamespace(scene.cluster().namespace())
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .withStringData(
                    Map.of(
                        ".dockerconfigjson",
                        "{\"auths\": {\"%s\": {\"username\": \"%s\", \"password\": \"%s\"}}}"
                            .formatted(registry.host(), TestRegistry.USER, TestRegistry.PASSWORD)))
                .build())
        .create();
  }

  private void install(String version, @Nullable String secret) {
    scene.apply(
        new PluginPackageSpec(
            "oci://" + registry.host() + "/upm/toy", version, null, null, secret, Map.of(), null));
  }

  private void awaitReady(String reason, String words) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          PluginPackageStatus now = scene.status();
          assertThat(now).isNotNull();
          var ready = Conditions.find(now.conditions(), "Ready").orElseThrow();
          assertThat(ready.getReason()).as(ready.getMessage()).isEqualTo(reason);
          assertThat(ready.getMessage()).contains(words);
          assertThat(now.toString()).doesNotContain(TestRegistry.PASSWORD);
        });
  }
}
