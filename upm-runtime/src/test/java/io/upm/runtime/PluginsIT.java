package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.definition.Definitions;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.testing.TestCluster;
import io.upm.runtime.toy.ToyManager;
import io.upm.testkit.crd.TopologyCrd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugin objects against a real API server. */
class PluginsIT {
  @TempDir private Path root;

  private TestCluster cluster;
  private RunningPlugins runtime;
  private String id;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    cluster = TestCluster.open();
    id = "toy-" + cluster.namespace();
    zip("1.0.0", "1 2");
    zip("1.1.0", "1 2");
    start();
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
  }

  private void start() throws InterruptedException {
    runtime =
        new RunningPlugins(
            cluster,
            root,
            new PluginSettings(
                cluster.namespace(),
                root.resolve("cache"),
                root.resolve("trial"),
                PluginTrust.DEFAULT));
  }

  private void zip(String version, String majors) throws IOException {
    ToyZip.sound(id, version, majors).write(file(version));
  }

  private Path file(String version) {
    return root.resolve("source").resolve("toy-" + version + ".zip");
  }

  @Test
  void serveUpgradeAndGoBackWithoutTheirSource() throws Exception {
    install("1.0.0");
    awaitServing("1.0.0");
    assertThat(live().getStatus().versions())
        .extracting(VersionStatus::version, VersionStatus::phase)
        .containsExactly(tuple("1.0.0", Phase.ACTIVE));
    assertThat(live().getStatus().versions().getFirst().engine()).isEqualTo("toy");
    assertThat(live().getStatus().versions().getFirst().apiRange()).contains("0.1.0");

    install("1.1.0");
    awaitServing("1.1.0");
    await().atMost(SOON).untilAsserted(() -> assertThat(phase("1.0.0")).isEqualTo(Phase.RECLAIMED));
    Files.delete(file("1.0.0"));

    install("1.0.0");
    awaitServing("1.0.0");
    assertThat(serving()).contains("1.0.0");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(events()).contains("Verified", "Active", "Reclaimed"));
    var active = runtime.registry().get("upm_plugin_versions").tags("id", id, "phase", "ACTIVE");
    assertThat(active.gauge().value()).isEqualTo(1);
  }

  @Test
  void serveTheSameAfterARestartWithoutTheSourceAndThenWriteNothing() throws Exception {
    install("1.1.0");
    awaitServing("1.1.0");
    runtime.close();
    Files.delete(file("1.1.0"));
    zip("1.1.0", "3");

    start();

    assertThat(serving()).contains("1.1.0");
    assertThat(runtime.plugins().find("toy").orElseThrow().descriptor().series()).hasSize(2);
    awaitServing("1.1.0");
    String before = live().getMetadata().getResourceVersion();
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(live().getMetadata().getResourceVersion()).isEqualTo(before));
  }

  @Test
  void letCallsThatAreInsideTheOldVersionEndThere() throws Exception {
    install("1.0.0");
    awaitServing("1.0.0");
    LoadedPlugin old = runtime.plugins().engines().getFirst().loaded();
    var inside = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    Thread call = Thread.ofVirtual().start(() -> backup(old, inside, over));
    inside.await();

    install("1.1.0");
    awaitServing("1.1.0");
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(phase("1.0.0")).isEqualTo(Phase.DRAINING);
          assertThat(live().getStatus().versions().get(1).inFlight()).isEqualTo(1);
        });

    over.countDown();
    call.join();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(phase("1.0.0")).isIn(Phase.UNLOADED, Phase.RECLAIMED));
    assertThat(events()).contains("Draining");
  }

  /** As what has a limit of its own. */
  private static boolean backup(LoadedPlugin plugin, CountDownLatch inside, CountDownLatch over) {
    try {
      return plugin.within(
          "backup",
          SOON,
          () ->
              plugin.call(
                  "backup",
                  engine -> {
                    inside.countDown();
                    over.await();
                    return true;
                  }));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refuseOtherContentOfTheVersionThatWasFetched() throws Exception {
    install("1.0.0");
    awaitServing("1.0.0");
    runtime.close();
    zip("1.0.0", "1 2 3");
    deleteCache();

    start();

    awaitReady("False", "DigestMismatch", "sha256:", "fetched first");
    assertThat(serving()).isEmpty();
  }

  @Test
  void goOnWithTheOldVersionWhenTheNewOneIsRefused() throws Exception {
    install("1.0.0");
    awaitServing("1.0.0");
    Files.writeString(file("1.2.0"), "no zip");
    ToyZip.sound(id, "1.3.0", "1 2")
        .with("plugin.properties", properties("1.3.0", ">=9.0.0 & <10.0.0"))
        .write(file("1.3.0"));
    ToyZip.sound(id, "1.4.0", "1 2")
        .with("classes/org/slf4j/Logger.class", "x")
        .write(file("1.4.0"));
    ToyZip.sound("else", "1.5.0", "1 2").write(file("1.5.0"));
    ToyZip.sound(id, "1.6.0", "1 2")
        .with("classes/META-INF/services/io.upm.spi.EnginePlugin", "no.such.Type")
        .write(file("1.6.0"));
    ToyZip.sound(id, "1.7.0", "1 2").with("../outside", "x").write(file("1.7.0"));
    new ToyZip(id, "1.8.0").write(file("1.8.0"));
    ToyZip.sound(id, "1.10.0", "1 2").with("crds/toy.yaml", "kind: None").write(file("1.10.0"));

    refused("1.2.0", "NotAPlugin", "toy-1.2.0.zip");
    refused("1.3.0", "Incompatible", "SPI >=9.0.0");
    refused("1.4.0", "NotAPlugin", "slf4j");
    refused("1.5.0", "OtherPlugin", "\"else\"");
    refused("1.6.0", "LoadFailed", "no.such.Type");
    refused("1.7.0", "NotAPlugin", "outside of it");
    refused("1.8.0", "LoadFailed", "parameters of toy 2.0");
    refused("1.9.0", "FetchFailed", "toy-1.9.0.zip");
    refused("1.10.0", "LoadFailed", "crds/", "CustomResourceDefinition");
    assertThat(serving()).contains("1.0.0");
    assertThat(live().getStatus().version()).isEqualTo("1.0.0");

    install("1.0.0");
    awaitServing("1.0.0");
  }

  @Test
  void refuseAWrongDigestAndTakeTheRightOne() throws Exception {
    apply(spec -> with(spec, "sha256:" + "0".repeat(64), null));
    awaitReady("False", "DigestMismatch", "spec.digest");
    assertThat(serving()).isEmpty();

    String right = digest(file("1.0.0"));
    apply(spec -> with(spec, right, null));
    awaitServing("1.0.0");
    assertThat(live().getStatus().digest()).isEqualTo(right);
  }

  @Test
  void refuseToDropAVersionThatAUnitSetHasUntilItIsGone() throws Exception {
    install("1.0.0");
    awaitServing("1.0.0");
    cluster.apply("keeper", "spec/type=toy", "spec/version=1.2.3");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(cluster.get(UnitSet.class, "keeper").getStatus()).isNotNull());
    zip("2.0.0", "2");

    install("2.0.0");

    awaitReady("False", "EngineVersionInUse", "/keeper (1.2.3)");
    assertThat(serving()).contains("1.0.0");
    assertThat(live().getStatus().waitingFor()).isNotNull();

    cluster.remove(UnitSet.class, "keeper");
    awaitServing("2.0.0");
  }

  @Test
  void refuseToNarrowAKind() throws Exception {
    String suffix = cluster.namespace().replaceAll("[^a-z0-9]", "");
    String wide =
        TopologyCrd.yaml(new ToyManager().descriptor())
            .replace("toyreplications", "toy" + suffix + "s")
            .replace("toyreplication", "toy" + suffix)
            .replace("ToyReplication", "Toy" + suffix)
            .replaceAll("(?m)^ +shortNames:\\R.*\\R", "");
    var definition = Definitions.read(wide);
    cluster.client().resource(definition).create();
    try {
      ToyZip.sound(id, "1.2.0", "1 2").with("crds/own.yaml", wide).write(file("1.2.0"));
      ToyZip.sound(id, "1.3.0", "1 2")
          .with("crds/own.yaml", wide.replace("misbehave:", "behave:"))
          .write(file("1.3.0"));
      install("1.2.0");
      awaitServing("1.2.0");

      refused("1.3.0", "NarrowsKind", "Toy" + suffix + ": spec.misbehave is gone");
      // And one that knows nothing of the kind at all.
      refused("1.1.0", "NarrowsKind", "kind Toy" + suffix + " is gone");
      assertThat(serving()).contains("1.2.0");
    } finally {
      cluster.client().resource(definition).delete();
    }
  }

  @Test
  void areTakenBackWhenTheirCallsFailAndNotTriedAgain() throws Exception {
    install("1.0.0");
    awaitServing("1.0.0");
    cluster.apply("keeper", "spec/type=toy", "spec/version=1.2.3");
    ToyZip.sound(id, "1.2.0", "1 2").with("classes/toy-fails", "1.2.3").write(file("1.2.0"));

    install("1.2.0");

    awaitReady("False", "RolledBack", "1.2.0", "parameters failed in", "no parameters of 1.2.3");
    await().atMost(SOON).untilAsserted(() -> assertThat(serving()).contains("1.0.0"));
    assertThat(live().getStatus().version()).isEqualTo("1.0.0");
    assertThat(Objects.requireNonNull(live().getStatus().rollout()).phase())
        .isEqualTo(RolloutPhase.ROLLED_BACK);
    assertThat(runtime.registry().get("upm_plugin_rollbacks").tags("id", id).counter().count())
        .isEqualTo(1);
    await().during(QUIET).atMost(SOON).untilAsserted(() -> assertThat(serving()).contains("1.0.0"));
    assertThat(events()).contains("RolledBack");
    await().atMost(SOON).untilAsserted(() -> assertThat(phase("1.2.0")).isEqualTo(Phase.RECLAIMED));

    install("1.1.0");
    awaitServing("1.1.0");
  }

  @Test
  void leaveTheBuiltInVersionWhereItIsWhenTheyGo() throws Exception {
    runtime.close();
    ToyZip.sound(id, "0.9.0", "1 2").write(root.resolve("built-in").resolve("toy.zip"));
    start();
    assertThat(serving()).contains("0.9.0");

    install("1.1.0");
    awaitServing("1.1.0");
    install("1.0.0");
    awaitServing("1.0.0");

    cluster.client().resources(Plugin.class).withName(id).delete();
    await().atMost(SOON).untilAsserted(() -> assertThat(serving()).contains("0.9.0"));
  }

  @Test
  void areChangedInNothingWhileTheyAreSuspended() {
    install("1.0.0");
    awaitServing("1.0.0");
    apply(spec -> new PluginPackageSpec(spec.source(), "1.1.0", null, null, null, Map.of(), true));
    awaitReady("False", "Suspended", "1.1.0");
    assertThat(serving()).contains("1.0.0");

    install("1.1.0");
    awaitServing("1.1.0");
  }

  @Test
  void areRefusedByTheApiServerWhenTheyMakeNoSense() {
    assertRefused(spec -> sourced(spec, "ftp://host/a.zip"), "spec.source must begin with");
    assertRefused(spec -> versioned(spec, "latest"), "spec.version");
    assertRefused(spec -> with(spec, "md5:1", null), "spec.digest");
    assertRefused(spec -> with(spec, null, "secret"), "spec.pullSecret");
  }

  private void assertRefused(UnaryOperator<PluginPackageSpec> change, String why) {
    assertThatThrownBy(() -> apply(change))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(why);
  }

  private void refused(String version, String reason, String... words) {
    install(version);
    awaitReady("False", reason, words);
  }

  private void install(String version) {
    apply(spec -> versioned(spec, version));
  }

  private void apply(UnaryOperator<PluginPackageSpec> change) {
    var plugin = new Plugin();
    plugin.setMetadata(new ObjectMetaBuilder().withName(id).build());
    plugin.setSpec(
        change.apply(
            new PluginPackageSpec(
                "file://" + root.resolve("source") + "/toy-{version}.zip",
                "1.0.0",
                null,
                null,
                null,
                Map.of(),
                null)));
    cluster.client().resource(plugin).forceConflicts().fieldManager("user").serverSideApply();
  }

  private static PluginPackageSpec versioned(PluginPackageSpec spec, String version) {
    return new PluginPackageSpec(
        spec.source(), version, spec.digest(), null, null, Map.of(), spec.suspend());
  }

  private static PluginPackageSpec sourced(PluginPackageSpec spec, String source) {
    return new PluginPackageSpec(source, spec.version(), null, null, null, Map.of(), null);
  }

  private static PluginPackageSpec with(
      PluginPackageSpec spec, @Nullable String digest, @Nullable String secret) {
    return new PluginPackageSpec(
        spec.source(), spec.version(), digest, null, secret, Map.of(), null);
  }

  private Plugin live() {
    return cluster.client().resources(Plugin.class).withName(id).require();
  }

  private Optional<String> serving() {
    return runtime.plugins().find("toy").map(Engine::plugin).map(key -> key.version());
  }

  private Phase phase(String version) {
    return live().getStatus().versions().stream()
        .filter(one -> one.version().equals(version))
        .findFirst()
        .orElseThrow()
        .phase();
  }

  private void awaitServing(String version) {
    awaitReady("True", "Serving", version);
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(serving()).contains(version);
          assertThat(phase(version)).isEqualTo(Phase.ACTIVE);
        });
    assertThat(live().getStatus().version()).isEqualTo(version);
  }

  private void awaitReady(String status, String reason, String... words) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          PluginPackageStatus now = live().getStatus();
          assertThat(now).isNotNull();
          assertThat(now.observedGeneration()).isEqualTo(live().getMetadata().getGeneration());
          var ready = Conditions.find(now.conditions(), "Ready").orElseThrow();
          assertThat(ready.getReason()).as(ready.getMessage()).isEqualTo(reason);
          assertThat(ready.getStatus()).isEqualTo(status);
          assertThat(ready.getMessage()).contains(words);
        });
  }

  private List<String> events() {
    return cluster.client().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> id.equals(event.getInvolvedObject().getName()))
        .map(event -> event.getReason())
        .toList();
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
    return "plugin.id=%s\nplugin.version=%s\nplugin.requires=%s\n".formatted(id, version, requires);
  }
}
