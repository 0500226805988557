package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.engine.ToyZip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plugin objects against a real API server: how their versions come, go and come back. */
@Tag("side-by-side")
class PluginsIT extends TwoVersions {
  @Test
  void serveUpgradeAndGoBackWithoutTheirSource() throws Exception {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    assertThat(scene.status().versions())
        .extracting(VersionStatus::version, VersionStatus::phase)
        .containsExactly(tuple("1.0.0", Phase.ACTIVE));
    assertThat(scene.status().versions().getFirst().engine()).isEqualTo("toy");
    assertThat(scene.status().versions().getFirst().apiRange()).contains("0.1.0");

    scene.install("1.1.0");
    scene.awaitServing("1.1.0");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.phase("1.0.0")).isEqualTo(Phase.RECLAIMED));
    Files.delete(scene.file("1.0.0"));

    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    assertThat(scene.serving()).contains("1.0.0");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.events()).contains("Verified", "Active", "Reclaimed"));
    var active =
        scene
            .runtime()
            .registry()
            .get("upm_plugin_versions")
            .tags("id", scene.id(), "phase", "ACTIVE");
    assertThat(active.gauge().value()).isEqualTo(1);
  }

  @Test
  void serveTheSameAfterARestartWithoutTheSourceAndThenWriteNothing() throws Exception {
    scene.install("1.1.0");
    scene.awaitServing("1.1.0");
    scene.stop();
    Files.delete(scene.file("1.1.0"));
    scene.zip("1.1.0", "3");

    scene.start();

    assertThat(scene.serving()).contains("1.1.0");
    assertThat(scene.runtime().plugins().find("toy").orElseThrow().descriptor().series())
        .hasSize(2);
    scene.awaitServing("1.1.0");
    String before = scene.live().getMetadata().getResourceVersion();
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.live().getMetadata().getResourceVersion()).isEqualTo(before));
  }

  @Test
  void letCallsThatAreInsideTheOldVersionEndThere() throws Exception {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    LoadedPlugin old = scene.runtime().plugins().engines().getFirst().loaded();
    var inside = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    Thread call = Thread.ofVirtual().start(() -> backup(old, inside, over));
    inside.await();

    scene.install("1.1.0");
    scene.awaitServing("1.1.0");
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(scene.phase("1.0.0")).isEqualTo(Phase.DRAINING);
          assertThat(scene.status().versions().get(1).inFlight()).isEqualTo(1);
        });

    over.countDown();
    call.join();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.phase("1.0.0")).isIn(Phase.UNLOADED, Phase.RECLAIMED));
    assertThat(scene.events()).contains("Draining");
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
  void areTakenBackWhenTheirCallsFailAndNotTriedAgain() throws Exception {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    scene.cluster().apply("keeper", "spec/type=toy", "spec/version=1.2.3");
    ToyZip.sound(scene.id(), "1.2.0", "1 2")
        .with("classes/toy-fails", "1.2.3")
        .write(scene.file("1.2.0"));

    scene.install("1.2.0");

    scene.awaitReady(
        "False", "RolledBack", "1.2.0", "parameters failed in", "no parameters of 1.2.3");
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.serving()).contains("1.0.0"));
    assertThat(scene.status().version()).isEqualTo("1.0.0");
    assertThat(Objects.requireNonNull(scene.status().rollout()).phase())
        .isEqualTo(RolloutPhase.ROLLED_BACK);
    assertThat(
            scene
                .runtime()
                .registry()
                .get("upm_plugin_rollbacks")
                .tags("id", scene.id())
                .counter()
                .count())
        .isEqualTo(1);
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.serving()).contains("1.0.0"));
    assertThat(scene.events()).contains("RolledBack");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.phase("1.2.0")).isEqualTo(Phase.RECLAIMED));

    scene.install("1.1.0");
    scene.awaitServing("1.1.0");
  }

  @Test
  void leaveTheBuiltInVersionWhereItIsWhenTheyGo() throws Exception {
    Path builtIn = root.resolve("built-in").resolve("toy.zip");
    ToyZip.sound(scene.id(), "0.9.0", "1 2").write(builtIn);
    scene.stop();
    scene.start();
    assertThat(scene.serving()).contains("0.9.0");
    var served = new CopyOnWriteArrayList<String>();
    scene.runtime().plugins().onChange(engine -> served.add(scene.serving().orElse("none")));

    scene.install("1.1.0");
    scene.awaitServing("1.1.0");
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");

    scene.object().delete();
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.serving()).contains("0.9.0"));
    assertThat(served).as("there is always one").doesNotContain("none");
    Files.delete(builtIn);
    scene.runtime().plugins().rescan();
  }

  @Test
  void areChangedInNothingWhileTheyAreSuspended() {
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    scene.apply(new PluginPackageSpec(scene.source(), "1.1.0", null, null, null, Map.of(), true));
    scene.awaitReady("False", "Suspended", "1.1.0");
    assertThat(scene.serving()).contains("1.0.0");

    scene.install("1.1.0");
    scene.awaitServing("1.1.0");
  }
}
