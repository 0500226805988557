package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.api.RolloutSpec;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A namespace with a runtime that follows Plugin objects, and one such object at a time. */
final class PluginScene implements AutoCloseable {
  private final TestCluster cluster = TestCluster.open();
  private final Path root;
  private final String engine;
  private String id;
  private int objects;
  private @Nullable RunningPlugins runtime;

  /**
   * Without a runtime yet.
   *
   * @param root folder of the zips, and of all that the runtime writes
   * @param engine what the plugin serves
   */
  PluginScene(Path root, String engine) throws IOException {
    this.root = root;
    this.engine = engine;
    this.id = engine + "-" + cluster.namespace();
  }

  /** With a runtime and these versions of the toy. */
  static PluginScene ofToy(Path root, String... versions) throws IOException, InterruptedException {
    var scene = new PluginScene(root, "toy");
    for (String version : versions) {
      scene.zip(version, "1 2");
    }
    scene.start();
    return scene;
  }

  TestCluster cluster() {
    return cluster;
  }

  RunningPlugins runtime() {
    return Objects.requireNonNull(runtime);
  }

  String id() {
    return id;
  }

  void start() throws InterruptedException {
    start(PluginTrust.DEFAULT);
  }

  void start(PluginTrust trust) throws InterruptedException {
    runtime = new RunningPlugins(cluster, root, settings(root, trust));
  }

  /** Of a replica that writes into a folder. */
  PluginSettings settings(Path folder, PluginTrust trust) {
    return new PluginSettings(
        cluster.namespace(), folder.resolve("cache"), folder.resolve("trial"), trust);
  }

  /** The runtime's process ends. */
  void stop() {
    if (runtime != null) {
      runtime.close();
      runtime = null;
      // One that ends in its first second may not give it back, and the next one would wait for it.
      cluster.client().leases().inNamespace(cluster.namespace()).delete();
    }
  }

  /** Goes on with another plugin, of which nothing is known yet, and without UnitSets. */
  void next() {
    cluster.all(UnitSet.class).forEach(set -> cluster.remove(UnitSet.class, name(set)));
    object().delete();
    await().atMost(SOON).until(() -> object().get() == null && serving().isEmpty());
    objects++;
    id = "%s-%s-%d".formatted(engine, cluster.namespace(), objects);
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  @Override
  public void close() {
    stop();
    object().delete();
    cluster.close();
  }

  /** Makes a sound toy that serves these major versions. */
  void zip(String version, String majors) throws IOException {
    ToyZip.sound(id, version, majors).write(file(version));
  }

  Path file(String version) {
    return root.resolve("source").resolve("%s-%s.zip".formatted(engine, version));
  }

  /** Where {@link #file} is. */
  String source() {
    return "file://" + root.resolve("source") + "/" + engine + "-{version}.zip";
  }

  PluginPackageSpec spec(String version, @Nullable RolloutSpec rollout) {
    return new PluginPackageSpec(source(), version, null, null, null, Map.of(), null, rollout);
  }

  void install(String version) {
    apply(spec(version, null));
  }

  void apply(PluginPackageSpec spec) {
    var plugin = new Plugin();
    plugin.setMetadata(new ObjectMetaBuilder().withName(id).build());
    plugin.setSpec(spec);
    cluster.client().resource(plugin).forceConflicts().fieldManager("user").serverSideApply();
  }

  Resource<Plugin> object() {
    return cluster.client().resources(Plugin.class).withName(id);
  }

  Plugin live() {
    return object().require();
  }

  PluginPackageStatus status() {
    return live().getStatus();
  }

  /** Version that the runtime has serve. */
  Optional<String> serving() {
    return runtime().plugins().find(engine).map(Engine::plugin).map(key -> key.version());
  }

  VersionStatus entry(String version) {
    return status().versions().stream()
        .filter(one -> one.version().equals(version))
        .findFirst()
        .orElseThrow();
  }

  Phase phase(String version) {
    return entry(version).phase();
  }

  Rollout rollout() {
    return Objects.requireNonNull(status().rollout());
  }

  void awaitServing(String version) {
    awaitReady("True", "Serving", version);
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(serving()).contains(version);
          assertThat(phase(version)).isEqualTo(Phase.ACTIVE);
        });
    assertThat(status().version()).isEqualTo(version);
  }

  void awaitReady(String status, String reason, String... words) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          Plugin plugin = live();
          PluginPackageStatus now = plugin.getStatus();
          assertThat(now).isNotNull();
          assertThat(now.observedGeneration()).isEqualTo(plugin.getMetadata().getGeneration());
          var ready = Conditions.find(now.conditions(), "Ready").orElseThrow();
          assertThat(ready.getReason()).as(ready.getMessage()).isEqualTo(reason);
          assertThat(ready.getStatus()).isEqualTo(status);
          assertThat(ready.getMessage()).contains(words);
        });
  }

  void awaitRollout(RolloutPhase phase) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          Plugin plugin = live();
          Rollout rollout = plugin.getStatus().rollout();
          assertThat(rollout == null ? "none" : rollout.version())
              .isEqualTo(plugin.getSpec().version());
          assertThat(rollout == null ? null : rollout.phase()).isEqualTo(phase);
        });
  }

  void awaitPhase(String version, Phase phase) {
    await().atMost(SOON).untilAsserted(() -> assertThat(phase(version)).isEqualTo(phase));
  }

  /** Reasons of the object's Events. */
  List<String> events() {
    return cluster.client().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> id.equals(event.getInvolvedObject().getName()))
        .map(event -> event.getReason())
        .toList();
  }

  void awaitReadySets(int sets) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(cluster.all(UnitSet.class).stream().filter(PluginScene::isReady))
                .hasSize(sets));
  }

  private static boolean isReady(UnitSet set) {
    return set.getStatus() != null && Conditions.isTrue(set.getStatus().conditions(), "Ready");
  }

  Map<String, String> podUids() {
    return cluster.all(Pod.class).stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), pod -> pod.getMetadata().getUid()));
  }

  /** Pods by name, each with what changes when it is another one or is written to. */
  Map<String, String> pods() {
    return byName(
        Pod.class, pod -> pod.getMetadata().getUid() + pod.getMetadata().getResourceVersion());
  }

  /** Since when each set is Ready, or isn't. */
  Map<String, String> readySince() {
    return byName(
        UnitSet.class,
        set ->
            Conditions.find(set.getStatus().conditions(), "Ready")
                .map(ready -> ready.getStatus() + ready.getLastTransitionTime())
                .orElse("never"));
  }

  private <T extends HasMetadata> Map<String, String> byName(
      Class<T> kind, Function<T, String> value) {
    return cluster.all(kind).stream()
        .collect(Collectors.toMap(PluginScene::name, value, (a, b) -> a, TreeMap::new));
  }

  /** As {@link #pods}; a set is Ready a moment before the last labels are on its Pods. */
  Map<String, String> settledPods() {
    var seen = new TreeMap<String, String>();
    await()
        .during(ControllerScene.QUIET)
        .atMost(SOON)
        .until(() -> {
          Map<String, String> now = pods();
          boolean same = now.equals(seen);
          seen.clear();
          seen.putAll(now);
          return same;
        });
    return seen;
  }
}
