package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.PretendedAgents;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A namespace with controllers at work in it, and what is asked about it. */
final class ControllerScene implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(90);

  /** Long enough for anything that would be written to be written. */
  static final Duration QUIET = Duration.ofSeconds(3);

  private final TestCluster cluster;
  private RunningControllers runtime;

  ControllerScene() throws IOException {
    cluster = TestCluster.open();
    runtime = new RunningControllers(cluster);
  }

  TestCluster cluster() {
    return cluster;
  }

  RunningControllers runtime() {
    return runtime;
  }

  /** Another process takes over. */
  void restart() {
    runtime.close();
    runtime = new RunningControllers(cluster);
  }

  /** Another process takes over, and finds agents as they are. */
  void restartBesideAgents() {
    PretendedAgents agents = runtime.agents();
    runtime.close();
    agents.close();
    runtime = new RunningControllers(cluster, agents);
  }

  @Override
  public void close() {
    runtime.close();
    cluster.close();
  }

  void awaitReady(String set, int units) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          UnitSet live = cluster.get(UnitSet.class, set);
          assertThat(live.getStatus()).isNotNull();
          assertThat(live.getStatus().observedGeneration())
              .isEqualTo(live.getMetadata().getGeneration());
          assertThat(condition(set, "Ready")).isEqualTo("all %d units are ready".formatted(units));
          assertThat(Conditions.isTrue(live.getStatus().conditions(), "Progressing")).isFalse();
        });
  }

  String condition(String set, String type) {
    return condition(UnitSet.class, set, type);
  }

  String condition(Class<? extends HasMetadata> kind, String name, String type) {
    HasMetadata object = cluster.get(kind, name);
    var conditions =
        object instanceof UnitSet set
            ? set.getStatus() == null ? null : set.getStatus().conditions()
            : ((Unit) object).getStatus() == null ? null : ((Unit) object).getStatus().conditions();
    return Conditions.find(conditions, type).map(one -> one.getMessage()).orElse("");
  }

  List<String> names(Class<? extends HasMetadata> kind) {
    return cluster.all(kind).stream().map(one -> one.getMetadata().getName()).sorted().toList();
  }

  List<String> images() {
    return cluster.all(Pod.class).stream()
        .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
        .toList();
  }

  Map<String, String> uids() {
    return cluster.all(Pod.class).stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), pod -> pod.getMetadata().getUid()));
  }

  boolean same(String pod, Map<String, String> before) {
    return Objects.equals(uids().get(pod), before.get(pod));
  }

  /** Resource version of everything that the controllers make or write. */
  Map<String, String> versions() {
    var versions = new TreeMap<String, String>();
    Stream.of(
            UnitSet.class,
            Unit.class,
            Pod.class,
            Service.class,
            PersistentVolumeClaim.class,
            io.fabric8.kubernetes.api.model.ConfigMap.class,
            io.fabric8.kubernetes.api.model.Secret.class)
        .flatMap(kind -> cluster.all(kind).stream())
        .filter(object -> !object.getMetadata().getName().equals("kube-root-ca.crt"))
        .filter(object -> !object.getMetadata().getName().equals("db-secret"))
        .forEach(object ->
            versions.put(
                object.getKind() + "/" + object.getMetadata().getName(),
                object.getMetadata().getResourceVersion()));
    return versions;
  }
}
