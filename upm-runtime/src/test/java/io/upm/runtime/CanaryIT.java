package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.RolloutSpec;
import io.upm.runtime.engine.CanaryRule;
import io.upm.runtime.engine.PluginEngine;
import io.upm.runtime.engine.SetRef;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** New versions of a plugin that serve some UnitSets before all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("side-by-side")
class CanaryIT {
  private static final int PERCENT = 30;
  private static final int FIRST = 2;
  private static final int REST = 4;
  private static final Map<String, String> TEST = Map.of("tier", "test");
  private static final Map<String, String> LATER = Map.of("tier", "later");

  @TempDir private static Path root;

  private PluginScene scene;
  private Map<String, String> pods;
  private Map<String, String> uids;

  /** UnitSets that are among the percent, and the others. */
  private final Set<String> first = new TreeSet<>();

  private final Set<String> rest = new TreeSet<>();

  @BeforeAll
  void serve() throws IOException, InterruptedException {
    scene = PluginScene.ofToy(root, "1.0.0", "1.1.0", "1.3.0", "1.4.0");
    ToyZip.sound(scene.id(), "1.2.0", "1 2")
        .with("classes/toy-fails", "1.2.3")
        .write(scene.file("1.2.0"));
    scene.install("1.0.0");
    scene.awaitServing("1.0.0");
    chooseNames();
    first.forEach(set -> apply(set, Map.of()));
    rest.forEach(set -> apply(set, Map.of()));
    apply(one(rest), TEST);
    scene.awaitReadySets(FIRST + REST);
    pods = scene.settledPods();
    uids = scene.podUids();
  }

  /** Who is chosen follows from namespace and name, and the namespace is another each time. */
  private void chooseNames() {
    var rule = new CanaryRule(PERCENT, Map.of());
    for (int i = 0; first.size() < FIRST || rest.size() < REST; i++) {
      String name = "set-" + i;
      Set<String> group = rule.takes(ref(name), Map.of()) ? first : rest;
      if (group.size() < (group == first ? FIRST : REST)) {
        group.add(name);
      }
    }
  }

  private SetRef ref(String set) {
    return new SetRef(scene.cluster().namespace(), set);
  }

  private void apply(String set, Map<String, String> labels) {
    scene
        .cluster()
        .apply(
            set,
            Stream.concat(
                    Stream.of("spec/type=toy", "spec/units=1"),
                    labels.entrySet().stream()
                        .map(label ->
                            "metadata/labels/%s=%s".formatted(label.getKey(), label.getValue())))
                .toArray(String[]::new));
  }

  @AfterAll
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  @Order(1)
  void servesAShareOfTheSetsAsLongAsThePauseLasts() {
    roll("1.1.0", share("1h", null));

    scene.awaitRollout(RolloutPhase.CANARY);
    awaitVersions(first, "1.1.0", "1.0.0");
    scene.awaitReady(
        "Unknown", "Canary", "version 1.1.0 serves %d UnitSets first".formatted(FIRST));
    assertThat(scene.rollout().unitSets()).isEqualTo(FIRST);
    assertThat(scene.entry("1.1.0").unitSets()).isEqualTo(FIRST);
    assertThat(scene.entry("1.0.0").unitSets()).isEqualTo(REST);
    assertThat(scene.status().version()).isEqualTo("1.0.0");
    Instant end = Instant.parse(scene.rollout().since()).plus(Duration.ofHours(1));
    assertThat(Objects.requireNonNull(scene.status().waitingFor()).predicate())
        .contains(Conditions.time(end));
    String before = scene.live().getMetadata().getResourceVersion();
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(versions()).isEqualTo(expected(first, "1.1.0", "1.0.0"));
          assertThat(scene.live().getMetadata().getResourceVersion()).isEqualTo(before);
        });
  }

  @Test
  @Order(2)
  void servesAllWhenThePauseIsOver() {
    Instant since = Instant.parse(scene.rollout().since());
    Duration pause = Duration.between(since, Instant.now()).plusSeconds(4);

    roll("1.1.0", share(pause.toSeconds() + "s", null));

    scene.awaitRollout(RolloutPhase.PROMOTED);
    assertThat(Instant.parse(scene.rollout().since()))
        .isAfterOrEqualTo(since.plusSeconds(pause.toSeconds()));
    awaitVersions(Set.of(), "", "1.1.0");
    scene.awaitServing("1.1.0");
    scene.awaitPhase("1.0.0", Phase.RECLAIMED);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.events()).contains("Canary", "Promoted"));
    assertThat(scene.pods()).as("Pods are the same, and nothing was written to").isEqualTo(pods);
  }

  @Test
  @Order(3)
  void isTakenBackFromTheSetsWithTheLabelsWhenItsCallsFail() {
    roll("1.2.0", new RolloutSpec(null, null, TEST, "1h", 100));

    scene.awaitRollout(RolloutPhase.ROLLED_BACK);

    assertThat(scene.rollout().reason()).contains("parameters failed in", "no parameters of 1.2.3");
    scene.awaitReady("False", "RolledBack", "version 1.2.0 was taken back");
    assertThat(scene.status().version()).isEqualTo("1.1.0");
    awaitVersions(Set.of(), "", "1.1.0");
    scene.awaitPhase("1.2.0", Phase.RECLAIMED);
    scene.awaitReadySets(FIRST + REST);
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.rollout().phase()).isEqualTo(RolloutPhase.ROLLED_BACK));
    assertThat(scene.events()).contains("RolledBack");
    assertThat(scene.pods()).as("Pods").isEqualTo(pods);
  }

  @Test
  @Order(4)
  void isTakenBackWhenMoreCallsFailThanTheBudgetAllows() {
    roll("1.3.0", share("1h", 5));
    scene.awaitRollout(RolloutPhase.CANARY);
    awaitVersions(first, "1.3.0", "1.1.0");

    failCalls(4, one(first));

    scene.awaitRollout(RolloutPhase.ROLLED_BACK);
    // The first may be more than five percent already.
    assertThat(scene.rollout().reason())
        .matches("[1-4] of its [0-9]+ calls failed, and 5 percent may");
    awaitVersions(Set.of(), "", "1.1.0");
  }

  @Test
  @Order(5)
  void waitsForAUnitSetThatTriesItAndServesAllWhenTheBudgetIsKept() {
    roll("1.4.0", new RolloutSpec(null, null, LATER, "5s", 60));
    scene.awaitReady("Unknown", "Canary", "no UnitSet tries version 1.4.0");
    assertThat(Objects.requireNonNull(scene.status().waitingFor()).unblock())
        .contains("spec.rollout");
    String set = one(first);

    Instant labelled = Instant.now();
    apply(set, LATER);

    awaitVersions(Set.of(set), "1.4.0", "1.1.0");
    failCalls(1, set);
    scene.awaitRollout(RolloutPhase.PROMOTED);
    assertThat(Instant.parse(scene.rollout().since()))
        .as("the pause began with the first UnitSet")
        .isAfterOrEqualTo(labelled.plusSeconds(4));
    awaitVersions(Set.of(), "", "1.4.0");
    scene.awaitServing("1.4.0");
    assertThat(scene.podUids()).as("Pods").isEqualTo(uids);
  }

  @Test
  @Order(6)
  void isRefusedInOneSentenceWhenItMakesNoSense() {
    String before = scene.live().getMetadata().getResourceVersion();
    assertRefused(new RolloutSpec(null, 0, Map.of(), null, null), "spec.rollout.percent", "1");
    assertRefused(new RolloutSpec(null, 100, Map.of(), null, null), "spec.rollout.percent", "99");
    assertRefused(new RolloutSpec(null, 10, TEST, null, null), "give one of them");
    assertRefused(share("soon", null), "spec.rollout.pause must be a whole number of seconds");
    assertRefused(share("0s", null), "spec.rollout.pause must be a whole number of seconds");
    assertRefused(share(null, 101), "spec.rollout.errorBudget", "100");
    assertRefused(
        new RolloutSpec(null, null, Map.of(), "1h", null), "say with percent or selector which");
    assertThat(scene.live().getMetadata().getResourceVersion()).isEqualTo(before);
  }

  private void assertRefused(RolloutSpec rollout, String... words) {
    assertThatThrownBy(() -> roll("1.0.0", rollout))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContainingAll(words);
  }

  private void roll(String version, RolloutSpec rollout) {
    scene.apply(scene.spec(version, rollout));
  }

  private static RolloutSpec share(@Nullable String pause, @Nullable Integer errorBudget) {
    return new RolloutSpec(null, PERCENT, Map.of(), pause, errorBudget);
  }

  private static String one(Set<String> sets) {
    return sets.iterator().next();
  }

  /** Calls of the version that a set is served by, which fail as those of a reconciler would. */
  private void failCalls(int calls, String set) {
    var engine = (PluginEngine) scene.runtime().plugins().find("toy", "", ref(set)).orElseThrow();
    IntStream.range(0, calls)
        .forEach(call ->
            assertThatThrownBy(() ->
                    engine.counted(
                        "test",
                        () -> {
                          throw PluginException.internal("on purpose", null);
                        }))
                .hasMessage("on purpose"));
  }

  private void awaitVersions(Set<String> tried, String version, String others) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(versions()).isEqualTo(expected(tried, version, others)));
  }

  private Map<String, String> expected(Set<String> tried, String version, String others) {
    var expected = new TreeMap<String, String>();
    Stream.concat(first.stream(), rest.stream())
        .forEach(set -> expected.put(set, tried.contains(set) ? version : others));
    return expected;
  }

  /** Versions of the plugin that the agent of each set should have. */
  private Map<String, String> versions() {
    var versions = new TreeMap<String, String>();
    Stream.concat(first.stream(), rest.stream())
        .forEach(set ->
            versions.put(
                set,
                scene
                    .runtime()
                    .agents()
                    .desired(new UnitKey(scene.cluster().namespace(), set + "-0"))
                    .flatMap(wanted -> wanted.engine())
                    .map(engine -> engine.plugin().version())
                    .orElse("none")));
    return versions;
  }
}
