package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The life of one replicated set, as its users see it, with a client that remembers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicatedSetIT {
  private static final String SET = "life";
  private static final String ENGINE = "mysql";
  private static final int KILLS = 6;
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** The probe's own lateness on a busy node, the API server's, and the test's look. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private Cluster cluster;
  private ReplicatedSet set;

  @BeforeAll
  void createSet() {
    cluster = Cluster.inNamespace("acceptance-life");
    set = new ReplicatedSet(cluster, SET);
    cluster.apply(Manifests.secret(SET + "-secret"));
    set.apply(3);
    cluster.awaitReady(SET, 3);
  }

  @AfterAll
  void removeNamespace() {
    cluster.close();
  }

  @Test
  @Order(1)
  void rowWrittenThroughReadwriteIsReadFromEachReplicaAndThroughReadonly() throws SQLException {
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.await("50 rows", () -> writer.acknowledgedSoFar() >= 50);
      Set<Long> acknowledged = writer.stop();

      set.awaitRowsOnAll(3, acknowledged);
      awaitRows(set.readonly(), acknowledged);
    }
  }

  @Test
  @Order(2)
  void exactlyOneUnitTakesWritesAndReplicationIsSemiSynchronous() throws SQLException {
    long writable = 0;
    for (int unit = 0; unit < 3; unit++) {
      writable += set.unit(unit).read("SELECT 1 WHERE @@global.super_read_only = 0").size();
    }

    assertThat(writable).isEqualTo(1);
    assertThat(
            set.readwrite()
                .read(
                    "SELECT VARIABLE_VALUE FROM performance_schema.global_status"
                        + " WHERE VARIABLE_NAME IN ('Rpl_semi_sync_source_status')"))
        .containsExactly("ON");
  }

  @Test
  @Order(3)
  void killedServerComesBackInTheSamePodWithEveryAcknowledgedRow() throws SQLException {
    String source = set.source();
    Pod before = cluster.pod(source).orElseThrow();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.await("rows before the kill", () -> writer.acknowledgedSoFar() >= 30);
      String pid = cluster.pidOf(source, ENGINE, "mysqld");
      cluster.kill(source, ENGINE, "mysqld");
      cluster.await(
          "another server process",
          () -> !List.of("", pid).contains(cluster.pidOf(source, ENGINE, "mysqld")));
      int atRestart = writer.acknowledgedSoFar();
      cluster.await("rows after the kill", () -> writer.acknowledgedSoFar() > atRestart + 20);
      Set<Long> acknowledged = writer.stop();

      awaitRows(set.readwrite(), acknowledged);
      awaitRows(set.readonly(), acknowledged);
    }
    Pod after = cluster.pod(source).orElseThrow();
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(cluster.restarts(source)).isZero();
    cluster.awaitReady(SET, 3);
  }

  @Test
  @Order(4)
  void killedAgentComesBackAndTheServerNeverNotices() throws SQLException {
    String source = set.source();
    String server = cluster.pidOf(source, ENGINE, "mysqld");
    String agent = cluster.pidOf(source, ENGINE, "java");

    cluster.kill(source, ENGINE, "java");

    cluster.await(
        "another agent process",
        () -> !List.of("", agent).contains(cluster.pidOf(source, ENGINE, "java")));
    cluster.awaitReady(SET, 3);
    assertThat(cluster.pidOf(source, ENGINE, "mysqld")).isEqualTo(server);
    assertThat(cluster.restarts(source)).isZero();
  }

  /** The connection stands and the kernel answers: only who asks the agent itself notices. */
  @Test
  @Order(5)
  void agentThatHangsTakesItsUnitOutOfReadyAndTheServerNeverNotices() {
    String replica = replicaUnit();
    String server = cluster.pidOf(replica, ENGINE, "mysqld");

    cluster.signal("STOP", replica, ENGINE, "java");
    Instant hung = Instant.now();
    cluster.await("Unit not Ready", () -> !cluster.is("Unit", replica, "Ready"));
    Duration noticed = Duration.between(hung, Instant.now());
    cluster.signal("CONT", replica, ENGINE, "java");

    cluster.awaitReady(SET, 3);
    assertThat(noticed).isLessThan(SILENCE.plus(SLACK));
    assertThat(cluster.pidOf(replica, ENGINE, "mysqld")).isEqualTo(server);
    assertThat(cluster.restarts(replica)).isZero();
  }

  @Test
  @Order(6)
  void deletedReplicaPodComesBackAndCatchesUp() throws SQLException {
    String replica = replicaUnit();
    String uid = cluster.pod(replica).orElseThrow().getMetadata().getUid();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.client.pods().inNamespace(cluster.namespace).withName(replica).delete();
      cluster.await(
          "a new Pod " + replica,
          () ->
              cluster
                  .pod(replica)
                  .map(pod -> !pod.getMetadata().getUid().equals(uid))
                  .orElse(false));
      cluster.awaitReady(SET, 3);
      cluster.await("some rows", () -> writer.acknowledgedSoFar() >= 50);
      Set<Long> acknowledged = writer.stop();

      awaitRows(Database.ofUnit(cluster, replica), acknowledged);
    }
  }

  @Test
  @Order(7)
  void deletedSourcePodComesBackAsTheSourceWithEveryAcknowledgedRow() throws SQLException {
    String source = set.source();
    String uid = cluster.pod(source).orElseThrow().getMetadata().getUid();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.await("rows before", () -> writer.acknowledgedSoFar() >= 30);
      cluster.client.pods().inNamespace(cluster.namespace).withName(source).delete();
      cluster.await(
          "a new Pod " + source,
          () ->
              cluster
                  .pod(source)
                  .map(pod -> !pod.getMetadata().getUid().equals(uid))
                  .orElse(false));
      int atRestart = writer.acknowledgedSoFar();
      cluster.await("rows after", () -> writer.acknowledgedSoFar() > atRestart + 20);
      Set<Long> acknowledged = writer.stop();

      awaitRows(set.readwrite(), acknowledged);
    }
    cluster.awaitReady(SET, 3);
    assertThat(set.source()).isEqualTo(source);
  }

  @Test
  @Order(8)
  void scalesOutAndInWhileTheRuntimeIsKilledAtRandom() throws SQLException {
    var killing = new AtomicBoolean(true);
    Thread killer = Thread.ofVirtual().start(() -> killRuntimesWhile(killing));
    try (var writer = NumberedWriter.start(set.readwrite())) {
      set.apply(5);
      cluster.awaitReady(SET, 5);
      set.apply(3);
      cluster.await("surplus units gone", () -> cluster.list("Unit").size() == 3);
      cluster.await(
          "surplus Pods gone",
          () -> cluster.pod(SET + "-3").isEmpty() && cluster.pod(SET + "-4").isEmpty());
      killing.set(false);
      killer.join();
      cluster.awaitReady(SET, 3);
      Set<Long> acknowledged = writer.stop();

      assertThat(acknowledged).isNotEmpty();
      set.awaitRowsOnAll(3, acknowledged);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      killing.set(false);
    }
    assertThat(serviceNames()).doesNotContain(SET + "-3-svc", SET + "-4-svc");
  }

  /** There, and back: each time by what a user edits in the topology. */
  @Test
  @Order(9)
  void anotherSourceTakesOverUnderWritesAndNothingAcknowledgedIsLost() throws SQLException {
    String first = set.source();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      for (String wanted : List.of(replicaUnit(), first)) {
        int before = writer.acknowledgedSoFar();
        cluster.await("rows before", () -> writer.acknowledgedSoFar() > before + 20);
        set.prefer(wanted);
        cluster.await("another source", () -> set.source().equals(wanted));
        int after = writer.acknowledgedSoFar();
        cluster.await("rows after", () -> writer.acknowledgedSoFar() > after + 20);
        cluster.awaitReady(SET, 3);
      }
      Set<Long> acknowledged = writer.stop();

      set.awaitRowsOnAll(3, acknowledged);
    }
    assertThat(set.source()).isEqualTo(first);
  }

  @Test
  @Order(10)
  void statusSaysWhatThereIs() {
    var unitSet = cluster.find("UnitSet", SET).orElseThrow();
    var topology = cluster.find("MysqlReplication", SET).orElseThrow();

    assertThat(Cluster.at(unitSet, "status", "units")).isEqualTo(3);
    assertThat(Cluster.condition(unitSet, "Ready", "status")).isEqualTo("True");
    assertThat(Cluster.at(topology, "status", "ready")).isEqualTo(true);
    assertThat(Cluster.at(topology, "status", "topology", SET + "-0", "role")).isEqualTo("Source");
    assertThat(Cluster.at(topology, "status", "topology", SET + "-1", "role")).isEqualTo("Replica");
  }

  @Test
  @Order(11)
  void restartReplacesEveryPodAndAnotherUnitTakesOverBeforeTheSourceGoes() throws SQLException {
    String first = set.source();
    Set<String> before = set.podUids();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.await("rows before", () -> writer.acknowledgedSoFar() > 20);
      cluster.annotate("UnitSet", SET, "upm.io/restartedAt", "2026-11-21T12:00:00Z");
      cluster.await(
          "another Pod for each unit",
          () -> {
            Set<String> now = set.podUids();
            return now.size() == 3 && now.stream().noneMatch(before::contains);
          });
      cluster.awaitReady(SET, 3);
      int after = writer.acknowledgedSoFar();
      cluster.await("rows after", () -> writer.acknowledgedSoFar() > after + 20);
      Set<Long> acknowledged = writer.stop();

      set.awaitRowsOnAll(3, acknowledged);
    }
    assertThat(set.source()).isNotEqualTo(first);
  }

  @Test
  @Order(12)
  void deletedSetLeavesNothingButItsVolumes() {
    cluster.delete("UnitSet", SET);

    cluster.await(
        "units and Pods gone",
        () ->
            cluster.list("Unit").isEmpty()
                && cluster
                    .client
                    .pods()
                    .inNamespace(cluster.namespace)
                    .list()
                    .getItems()
                    .isEmpty());
    cluster.await("topology gone", () -> cluster.list("MysqlReplication").isEmpty());
    cluster.await("services gone", () -> serviceNames().isEmpty());
    cluster.await(
        "config maps gone",
        () ->
            cluster.client.configMaps().inNamespace(cluster.namespace).list().getItems().stream()
                .allMatch(map -> map.getMetadata().getName().equals("kube-root-ca.crt")));
    cluster.await(
        "certificates gone",
        () ->
            cluster.client.secrets().inNamespace(cluster.namespace).list().getItems().stream()
                .allMatch(secret -> secret.getMetadata().getName().equals(SET + "-secret")));
    assertThat(
            cluster
                .client
                .persistentVolumeClaims()
                .inNamespace(cluster.namespace)
                .list()
                .getItems())
        .as("volumes are retained unless the policy says otherwise")
        .extracting(claim -> claim.getMetadata().getName())
        .contains(SET + "-0-data", SET + "-1-data", SET + "-2-data");
  }

  private void killRuntimesWhile(AtomicBoolean killing) {
    var random = new Random(42);
    // A bounded number: a runtime that is killed for ever gets nothing done, and that is no news.
    for (int kill = 0; kill < KILLS && killing.get(); kill++) {
      var pods =
          cluster
              .client
              .pods()
              .inNamespace("upm-system")
              .withLabel("app.kubernetes.io/name", "upm-runtime");
      var running = pods.list().getItems();
      if (!running.isEmpty()) {
        String victim = running.get(random.nextInt(running.size())).getMetadata().getName();
        cluster
            .client
            .pods()
            .inNamespace("upm-system")
            .withName(victim)
            .withGracePeriod(0)
            .delete();
      }
      // The moments are random by intent; nothing is awaited here.
      java.util.concurrent.locks.LockSupport.parkNanos((6 + random.nextInt(10)) * 1_000_000_000L);
    }
  }

  private String replicaUnit() {
    String source = set.source();
    return source.equals(SET + "-2") ? SET + "-1" : SET + "-2";
  }

  private Set<String> serviceNames() {
    return cluster.client.services().inNamespace(cluster.namespace).list().getItems().stream()
        .map(service -> service.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private void awaitRows(Database database, Set<Long> acknowledged) {
    NumberedWriter.awaitRows(cluster, database, acknowledged);
  }
}
