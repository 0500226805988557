package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.Mortality;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A namespace with one set "db" in it whose runtime comes and goes, and what must hold whatever
 * happens: exactly the wanted children, no volume lost, nothing that waits to be deleted for ever.
 */
final class FaultScene implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(120);

  /** A runtime that hasn't made its next write by then has no more to do. */
  static final Duration NOTHING_LEFT_TO_DO = Duration.ofSeconds(4);

  private static final Duration OFTEN = Duration.ofMillis(200);

  private final TestCluster cluster;
  private final Map<String, String> claims = new ConcurrentHashMap<>();
  private final AtomicBoolean lost = new AtomicBoolean();
  private @Nullable RunningControllers runtime;

  FaultScene() throws IOException {
    cluster = TestCluster.open();
  }

  TestCluster cluster() {
    return cluster;
  }

  RunningControllers runtime() {
    return Objects.requireNonNull(runtime, "no runtime was started");
  }

  boolean isRunning() {
    return runtime != null;
  }

  void start() {
    start(new Mortality(Integer.MAX_VALUE, false));
  }

  void start(Mortality mortality) {
    lost.set(false);
    runtime =
        new RunningControllers(
            cluster,
            builder ->
                builder.withHttpClientBuilderConsumer(
                    http -> http.addOrReplaceInterceptor("mortality", mortality)),
            () -> lost.set(true));
  }

  /** The process is gone; its lease runs out at once, which spares the wait. */
  void bury() {
    runtime().close();
    runtime = null;
    cluster.client().leases().inNamespace(cluster.namespace()).withName(Controllers.LEASE).delete();
  }

  /** Another process is started; the first one, which is as good as dead, keeps its lease. */
  void replace() {
    RunningControllers first = runtime();
    start();
    first.close();
  }

  /** All that the conditions of the set and its units say. */
  String told() {
    Stream<List<Condition>> units =
        cluster.all(Unit.class).stream()
            .filter(unit -> unit.getStatus() != null)
            .map(unit -> unit.getStatus().conditions());
    Stream<List<Condition>> sets =
        cluster.all(UnitSet.class).stream()
            .filter(set -> set.getStatus() != null)
            .map(set -> set.getStatus().conditions());
    return Stream.concat(sets, units)
        .flatMap(List::stream)
        .map(Condition::getMessage)
        .collect(Collectors.joining("\n"));
  }

  Map<String, String> uids(Class<? extends HasMetadata> kind) {
    return cluster.all(kind).stream()
        .collect(Collectors.toMap(FaultScene::name, one -> one.getMetadata().getUid()));
  }

  /** As the kubelet does: a process that ended because it lost the lease is started again. */
  void restartWhenLost() {
    if (lost.get()) {
      runtime().close();
      start();
    }
  }

  /** Waits until the set is Ready as its spec stands, and has exactly what it should. */
  void awaitWhole(int units, String version) {
    await()
        .atMost(SOON)
        .pollInterval(OFTEN)
        .untilAsserted(() -> {
          restartWhenLost();
          UnitSet live = cluster.get(UnitSet.class, "db");
          assertThat(live.getStatus()).isNotNull();
          assertThat(live.getStatus().observedGeneration())
              .isEqualTo(live.getMetadata().getGeneration());
          assertThat(Conditions.find(live.getStatus().conditions(), "Ready"))
              .get()
              .extracting(one -> one.getMessage())
              .isEqualTo("all %d units are ready".formatted(units));
          assertThat(Conditions.isTrue(live.getStatus().conditions(), "Progressing")).isFalse();
          checkChildren(live, units, version);
        });
  }

  private void checkChildren(UnitSet set, int units, String version) {
    List<String> names = IntStream.range(0, units).mapToObj(at -> "db-" + at).toList();
    assertThat(names(Unit.class)).isEqualTo(names);
    assertThat(names(Pod.class)).isEqualTo(names);
    assertThat(names(ConfigMap.class, "kube-root-ca.crt"))
        .isEqualTo(names.stream().map(name -> name + "-instance").toList());
    assertThat(names(Secret.class, "db-secret"))
        .isEqualTo(names.stream().map(name -> name + "-agent-tls").toList());
    assertThat(names(Service.class)).isEqualTo(services(set, names));
    assertThat(names(PersistentVolumeClaim.class))
        .containsAll(names.stream().map(name -> name + "-data").toList());
    assertThat(cluster.all(Pod.class))
        .allSatisfy(pod -> {
          assertThat(pod.getSpec().getContainers().getFirst().getImage())
              .isEqualTo("acme:" + version);
          assertThat(pod.getSpec().getVolumes())
              .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
              .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
              .containsExactly(pod.getMetadata().getName() + "-data");
        });
    checkClaims();
    assertThat(children()).allSatisfy(FaultScene::isNotEnding);
  }

  private static List<String> services(UnitSet set, List<String> units) {
    Stream<String> own =
        set.getSpec().unitService() == null
            ? Stream.of()
            : units.stream().map(unit -> unit + "-svc");
    Stream<String> common =
        set.getSpec().externalService() == null
            ? Stream.of("db-headless-svc")
            : Stream.of("db-headless-svc", "db-svc");
    return Stream.concat(own, common).sorted().toList();
  }

  /** A volume claim that was there once is the same one ever after. */
  void checkClaims() {
    var found = new TreeMap<String, String>();
    cluster
        .all(PersistentVolumeClaim.class)
        .forEach(claim -> found.put(claim.getMetadata().getName(), claim.getMetadata().getUid()));
    assertThat(found).containsAllEntriesOf(claims);
    claims.putAll(found);
  }

  private static void isNotEnding(HasMetadata object) {
    assertThat(object.getMetadata().getDeletionTimestamp())
        .as("deletion of %s %s", object.getKind(), object.getMetadata().getName())
        .isNull();
  }

  /** Waits until of the set nothing but its volume claims is left. */
  void awaitGone() {
    await()
        .atMost(SOON)
        .pollInterval(OFTEN)
        .untilAsserted(() -> {
          restartWhenLost();
          assertThat(names(UnitSet.class)).isEmpty();
          assertThat(children())
              .allSatisfy(object -> assertThat(object).isInstanceOf(PersistentVolumeClaim.class));
          checkClaims();
        });
  }

  /** Everything that the runtime made. */
  List<HasMetadata> children() {
    return Stream.of(
            Unit.class,
            Pod.class,
            Service.class,
            PersistentVolumeClaim.class,
            ConfigMap.class,
            Secret.class)
        .flatMap(kind -> cluster.all(kind).stream().map(HasMetadata.class::cast))
        .filter(object -> !List.of("kube-root-ca.crt", "db-secret").contains(name(object)))
        .toList();
  }

  List<String> names(Class<? extends HasMetadata> kind, String... others) {
    return cluster.all(kind).stream()
        .map(FaultScene::name)
        .filter(name -> !List.of(others).contains(name))
        .sorted()
        .toList();
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  @Override
  public void close() {
    if (runtime != null) {
      runtime.close();
    }
    cluster.close();
  }
}
