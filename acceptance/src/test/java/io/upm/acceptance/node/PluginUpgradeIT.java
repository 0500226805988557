package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Plugins are exchanged under databases that serve, and nobody notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PluginUpgradeIT {
  private static final String SET = "swap";
  private static final String ENGINE = "mysql";
  private static final String OLD = "0.1.0";
  private static final String NEW = "0.2.0";
  private static final String SHOWN = "Servers that follow the source.";
  private static final Duration RECLAIM = Duration.ofSeconds(60);

  @TempDir private static Path zips;

  private Cluster cluster;
  private ReplicatedSet set;
  private RuntimePods runtime;
  private InstalledPlugin plugin;

  @BeforeAll
  void createSets() throws IOException {
    cluster = Cluster.inNamespace("acceptance-swap");
    runtime = RuntimePods.ofClusterUnderTest(cluster);
    plugin = new InstalledPlugin(cluster, ENGINE);
    set = new ReplicatedSet(cluster, SET);
    cluster.apply(Manifests.secret(SET + "-secret"));
    set.apply(3);
    PluginZip.built(ENGINE).write(zips.resolve("mysql-" + OLD + ".zip"));
    PluginZip.built(ENGINE)
        .version(NEW)
        .replace("crds/", SHOWN, SHOWN + " As of 0.2.0.")
        .write(zips.resolve("mysql-" + NEW + ".zip"));
    runtime.put(zips);
    cluster.awaitReady(SET, 3);
    plugin.want(OLD);
    awaitEverywhere(OLD);
  }

  @AfterAll
  void remove() {
    if (runtime != null) {
      runtime.start(zips);
      plugin.remove();
      cluster.delete("UnitSet", SET);
      cluster.await("no unit is left", () -> cluster.list("Unit").isEmpty());
    }
    cluster.close();
  }

  @Test
  @Order(1)
  void underWritesNoPodRestartsNoClientFailsAndWhatRunsEndsAsItBegan() throws Exception {
    String unit = set.unitName(2);
    var calls = new Calls(cluster, ENGINE);
    cluster.apply(HostStore.secret("store", ""));
    String host = URI.create(cluster.client.getConfiguration().getMasterUrl()).getHost();
    try (var store = HostStore.start(host, zips.resolve("store"))) {
      String at = "endpoint: \"%s\"".formatted(store.endpoint());
      store.freeze();
      calls.begin(
          "running",
          unit,
          "logical-backup",
          "store",
          at + ", destination: \"s3://%s/\"".formatted(HostStore.BUCKET));

      exchangeUnderWrites(OLD, NEW);

      assertThat(description()).contains("As of 0.2.0");
      assertThat(Cluster.at(calls.find("running"), "status", "phase")).isEqualTo("Running");
      store.thaw();
      GenericKubernetesResource running = calls.awaitEnd("running");
      assertThat(Cluster.at(running, "status", "phase"))
          .as("%s", Cluster.at(running, "status", "message"))
          .isEqualTo("Succeeded");
      assertThat(Cluster.at(running, "status", "plugin")).isEqualTo(OLD);
      GenericKubernetesResource next =
          calls.run(
              "next",
              unit,
              "verify",
              "store",
              at + ", source: \"%s\"".formatted(Cluster.at(running, "status", "values", "backup")));
      assertThat(Cluster.at(next, "status", "phase"))
          .as("%s", Cluster.at(next, "status", "message"))
          .isEqualTo("Succeeded");
      assertThat(Cluster.at(next, "status", "plugin")).isEqualTo(NEW);
    }
  }

  @Test
  @Order(2)
  void aPodThatRestartsWithoutTheRuntimeStartsWithTheVersionThatItHad() {
    String unit = set.unitName(2);
    String server = cluster.pidOf(unit, ENGINE, "mysqld");
    runtime.stop();

    cluster.exec(unit, ENGINE, "/bin/sh", "-c", "kill -TERM 1");

    cluster.await("a restart of " + unit, () -> cluster.restarts(unit) == 1);
    cluster.await(
        "the server is back",
        () -> Database.ofUnit(cluster, unit).tryRead("SELECT 1").equals(List.of("1")));
    assertThat(server).isNotEmpty();
    assertThat(cluster.exec(unit, ENGINE, "/bin/sh", "-c", "cat /DATA_MOUNT/.upm/active.key"))
        .startsWith("mysql " + NEW + " ");
    assertThat(cluster.exec(unit, ENGINE, "/bin/sh", "-c", "ls /DATA_MOUNT/.upm/plugins"))
        .as("the zips are on the data volume, by digest")
        .contains(".zip");

    runtime.start(zips);
    awaitEverywhere(NEW);
    cluster.awaitReady(SET, 3);
    assertThat(cluster.restarts(unit)).as("the runtime's return restarts nothing").isEqualTo(1);
  }

  @Test
  @Order(3)
  void andSoItIsOnTheWayBack() throws Exception {
    exchangeUnderWrites(NEW, OLD);
    assertThat(description()).doesNotContain("As of 0.2.0");
  }

  private void exchangeUnderWrites(String before, String after) throws Exception {
    Map<String, String> pods = pods();
    Map<String, String> servers = servers();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      awaitRows(writer);
      int rows = writer.acknowledgedSoFar();
      long began = System.nanoTime();
      plugin.want(after);
      awaitEverywhere(after);
      Duration everywhere = Duration.ofNanos(System.nanoTime() - began);
      plugin.awaitPhase(before, "Reclaimed");
      Duration reclaimed = Duration.ofNanos(System.nanoTime() - began);
      System.out.printf(
          "%s -> %s: in all agents after %d ms, old one reclaimed after %d ms, %d rows meanwhile%n",
          before,
          after,
          everywhere.toMillis(),
          reclaimed.toMillis(),
          writer.acknowledgedSoFar() - rows);
      assertThat(reclaimed).isLessThanOrEqualTo(everywhere.plus(RECLAIM));
      awaitRows(writer);
      assertThat(writer.errors()).as("errors of the client").isEmpty();
      set.awaitRowsOnAll(3, writer.stop());
    }
    assertThat(pods()).as("Pods and their restarts").isEqualTo(pods);
    assertThat(servers()).as("processes of the servers").isEqualTo(servers);
  }

  /** Some more than there are. */
  private void awaitRows(NumberedWriter writer) {
    int now = writer.acknowledgedSoFar();
    cluster.await("rows of the client", () -> writer.acknowledgedSoFar() > now + 50);
  }

  private void awaitEverywhere(String version) {
    plugin.awaitServing(version);
    cluster.await(
        "all agents have " + version,
        () ->
            cluster.list("Unit").stream()
                .allMatch(unit -> version.equals(Cluster.at(unit, "status", "agent", "plugin"))));
  }

  private Map<String, String> pods() {
    return byName(pod -> pod.getMetadata().getUid() + " " + cluster.restarts(name(pod)));
  }

  private Map<String, String> servers() {
    return byName(pod -> cluster.pidOf(name(pod), ENGINE, "mysqld"));
  }

  private Map<String, String> byName(java.util.function.Function<Pod, String> value) {
    return cluster.client.pods().inNamespace(cluster.namespace).list().getItems().stream()
        .collect(Collectors.toMap(PluginUpgradeIT::name, value, (a, b) -> a, TreeMap::new));
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private String description() {
    return cluster
        .client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("mysqlreplications.upm.syntropycloud.io")
        .require()
        .toString();
  }
}
