package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.host.plugin.PluginOutput;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.toy.RoguePlugin;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that does what it must not, in a runtime that serves another engine, too. */
@Timeout(300)
class RoguePluginIT {
  private static final int SAMPLES = 25;

  /** What is below isn't worth a comparison: it is the machine's own noise. */
  private static final Duration FLOOR = Duration.ofMillis(150);

  /** What versions of the engine do, as the status of its UnitSet says it. */
  private static final Map<String, String> THROWN =
      Map.of(
          "13.0.0", "failed in parameters: java.lang.StackOverflowError",
          "14.0.0", "failed in parameters: java.lang.OutOfMemoryError");

  /** An endless loop, several times; a deadlock; deafness to interrupts. */
  private static final List<String> ENDLESS =
      List.of("11.0.0", "11.1.0", "11.2.0", "12.0.0", "15.0.0");

  private final PrintStream output = System.out;
  private final PrintStream errors = System.err;

  @TempDir private Path root;
  private PluginScene scene;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    PluginOutput.install();
    scene = new PluginScene(root, "rogue");
    ToyZip.sound("toy", "1.0.0", "1 2").write(root.resolve("built-in").resolve("toy.zip"));
    new ToyZip(scene.id(), "1.0.0")
        .with("classes/META-INF/services/io.upm.spi.EnginePlugin", RoguePlugin.class.getName())
        .write(scene.file("1.0.0"));
    scene.start();
  }

  @AfterEach
  void close() {
    System.setProperty(RoguePlugin.END, "now");
    if (scene != null) {
      scene.close();
    }
    System.clearProperty(RoguePlugin.END);
    System.setOut(output);
    System.setErr(errors);
  }

  @Test
  void slowsNoOtherEngineAndIsNamed() {
    scene.install("1.0.0");
    await().atMost(SOON).until(() -> scene.serving().isPresent());
    scene.cluster().apply("good", "spec/type=toy", "spec/version=1.2.3", "spec/units=1");
    settled("good");
    for (int i = 0; i < 5; i++) {
      change(-i);
    }
    Duration normal = median(0);

    THROWN.keySet().forEach(this::applyRogue);
    THROWN.forEach(this::awaitNamed);
    applyRogue("16.0.0");
    // Before the calls that don't end: a plugin with enough of those isn't asked any more.
    awaitTrouble("it logs more than it may");
    ENDLESS.forEach(this::applyRogue);
    Duration atFirst = median(SAMPLES);
    ENDLESS.forEach(version -> awaitNamed(version, "parameters"));
    // Whichever other operations ask for the parameters on their way, and hang there.
    awaitTrouble(
        "calls don't end although they were interrupted: ",
        "parameters",
        "it logs more than it may");
    Duration later = median(2 * SAMPLES);

    assertThat(List.of(atFirst, later))
        .as("normally %s, then %s and %s", normal, atFirst, later)
        .allSatisfy(one -> assertThat(one).isLessThan(worst(normal)));
    assertThat(scene.events()).contains("Misbehaves");
  }

  private void awaitTrouble(String... parts) {
    await().atMost(SOON).untilAsserted(() -> assertThat(trouble()).contains(parts));
  }

  private static Duration worst(Duration normal) {
    return (normal.compareTo(FLOOR) < 0 ? FLOOR : normal).multipliedBy(2);
  }

  private static String set(String version) {
    return "rogue-" + version.replace('.', '-');
  }

  private void applyRogue(String version) {
    scene
        .cluster()
        .apply(set(version), "spec/type=rogue", "spec/version=" + version, "spec/units=1");
  }

  private void awaitNamed(String version, String deed) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          UnitSetStatus status = scene.cluster().get(UnitSet.class, set(version)).getStatus();
          assertThat(status).isNotNull();
          var degraded = Conditions.find(status.conditions(), "Degraded").orElseThrow();
          assertThat(degraded.getReason()).isEqualTo("PluginFault");
          assertThat(degraded.getMessage()).contains("plugin " + scene.id() + "@1.0.0", deed);
        });
  }

  /** How long it takes until a change of the other engine's set was looked at. */
  private Duration median(int first) {
    var took = new ArrayList<Duration>();
    for (int i = first; i < first + SAMPLES; i++) {
      took.add(change(i));
    }
    took.sort(null);
    return took.get(SAMPLES / 2);
  }

  private Duration change(int number) {
    long began = System.nanoTime();
    scene
        .cluster()
        .apply(
            "good",
            "spec/type=toy",
            "spec/version=1.2.3",
            "spec/units=1",
            "spec/env/0/value=v" + number);
    settled("good");
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void settled(String set) {
    scene
        .cluster()
        .set(set)
        .waitUntilCondition(
            live ->
                live != null
                    && live.getStatus() != null
                    && Objects.equals(
                        live.getStatus().observedGeneration(), live.getMetadata().getGeneration()),
            60,
            TimeUnit.SECONDS);
  }

  private String trouble() {
    return scene.status().versions().stream()
        .map(VersionStatus::trouble)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }
}
