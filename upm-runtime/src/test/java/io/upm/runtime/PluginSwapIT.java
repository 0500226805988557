package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.runtime.api.PluginPackageStatus.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin is exchanged, there and back, while fifty UnitSets are served by it. */
class PluginSwapIT {
  private static final Logger LOG = LoggerFactory.getLogger(PluginSwapIT.class);
  private static final int SETS = Integer.getInteger("upm.swap.sets", 50);
  private static final Duration RECLAIM = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(200);

  @TempDir private Path root;

  private PluginScene scene;

  @BeforeEach
  void serve() throws IOException, InterruptedException {
    scene = PluginScene.ofToy(root, "1.0.0", "1.1.0");
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    for (int set = 0; set < SETS; set++) {
      scene.cluster().apply("set-" + set, "spec/type=toy", "spec/units=1");
    }
    scene.awaitReadySets(SETS);
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void thereAndBackNobodyWaitsAndNoPodAndNoReadinessChanges() throws Exception {
    Map<String, String> pods = scene.settledPods();
    Map<String, String> ready = scene.readySince();
    try (var calls = new SwapCalls(scene.runtime().plugins())) {
      for (String version : new String[] {"1.1.0", "1.0.0"}) {
        String old = version.equals("1.1.0") ? "1.0.0" : "1.1.0";
        calls.begin();
        long began = System.nanoTime();
        scene.install(version);
        await()
            .atMost(SOON)
            .until(() -> scene.runtime().agents().plugins().equals(Map.of(version, (long) SETS)));
        Duration everywhere = Duration.ofNanos(System.nanoTime() - began);
        scene.awaitServing(version);
        Duration told = Duration.ofNanos(System.nanoTime() - began);
        await().atMost(RECLAIM).until(() -> scene.phase(old) == Phase.RECLAIMED);
        Duration reclaimed = Duration.ofNanos(System.nanoTime() - began);
        SwapCalls.Figures figures = calls.end();

        LOG.info(
            "{} sets to {}: agents have it after {} ms, status says so after {} ms, {} reclaimed after {} ms, {}",
            SETS,
            version,
            everywhere.toMillis(),
            told.toMillis(),
            old,
            reclaimed.toMillis(),
            figures);
        assertThat(figures.failed()).as("calls that failed").isEmpty();
        assertThat(figures.p99()).as("dispatch pause, p99").isLessThanOrEqualTo(PAUSE);
        assertThat(figures.longest())
            .as("longest pause")
            .isLessThanOrEqualTo(Duration.ofSeconds(2));
      }
    }
    assertThat(scene.pods())
        .as("Pods are the same, and nothing was written to them")
        .isEqualTo(pods);
    assertThat(scene.readySince()).as("no set was not ready for a moment").isEqualTo(ready);
  }
}
