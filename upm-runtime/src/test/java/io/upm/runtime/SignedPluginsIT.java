package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.plugin.TckPolicy;
import io.upm.runtime.testing.TestCluster;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed plugins from a real registry that asks for a password. */
class SignedPluginsIT {
  private static final String SECRET = "registry";

  @TempDir private Path root;

  private KeyPair pair;
  private TestRegistry registry;
  private TestCluster cluster;
  private RunningPlugins runtime;
  private String id;

  @BeforeEach
  void open() throws Exception {
    registry = TestRegistry.start(root.resolve("registry"));
    cluster = TestCluster.open();
    id = "toy-" + cluster.namespace();
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    start(SignaturePolicy.REQUIRED);
  }

  @AfterEach
  void close() {
    if (runtime != null) {
      runtime.close();
    }
    if (cluster != null) {
      cluster.client().resources(Plugin.class).withName(id).delete();
      cluster.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private void start(SignaturePolicy policy) throws InterruptedException {
    runtime =
        new RunningPlugins(
            cluster,
            root,
            new PluginSettings(
                cluster.namespace(),
                root.resolve("cache"),
                root.resolve("trial"),
                new PluginTrust(
                    policy,
                    TckPolicy.IF_PRESENT,
                    Map.of("us", pair.getPublic()),
                    List.of(),
                    Set.of(registry.host()))));
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
    assertThat(live().getStatus().versions().getFirst().signedBy()).isEqualTo("us");

    install("1.1.0", SECRET);
    awaitReady("NotSigned", "1.1.0");
    assertThat(live().getStatus().version()).isEqualTo("1.0.0");

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
    runtime.close();
    start(SignaturePolicy.NONE);
    install("1.0.0", SECRET);
    awaitReady("Serving", "1.0.0");

    runtime.close();
    start(SignaturePolicy.REQUIRED);

    awaitReady("NotSigned", "the policy is Required");
    assertThat(runtime.plugins().find("toy")).isEmpty();
  }

  private void push(String version, boolean signed)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = root.resolve("toy.zip");
    ToyZip.sound(id, version, "1 2").write(file);
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
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .withNamespace(cluster.namespace())
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
    var plugin = new Plugin();
    plugin.setMetadata(new ObjectMetaBuilder().withName(id).build());
    plugin.setSpec(
        new PluginPackageSpec(
            "oci://" + registry.host() + "/upm/toy", version, null, null, secret, Map.of(), null));
    cluster.client().resource(plugin).forceConflicts().fieldManager("user").serverSideApply();
  }

  private Plugin live() {
    return cluster.client().resources(Plugin.class).withName(id).require();
  }

  private void awaitReady(String reason, String words) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          PluginPackageStatus now = live().getStatus();
          assertThat(now).isNotNull();
          var ready = Conditions.find(now.conditions(), "Ready").orElseThrow();
          assertThat(ready.getReason()).as(ready.getMessage()).isEqualTo(reason);
          assertThat(ready.getMessage()).contains(words);
          assertThat(now.toString()).doesNotContain(TestRegistry.PASSWORD);
        });
  }
}
