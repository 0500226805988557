package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The tutorial: an engine that nothing in UPM knows of, as its page has it built and used. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdExampleIT {
  private static final String SET = "registry";
  private static final String ENGINE = "etcd";

  /** An election takes a second or two; what comes on top is a client's time-out. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /** User that the engine runs as. */
  private static final String OWNER = "999:999";

  private Cluster cluster;
  private NodeFaults nodes;
  private EtcdExample example;
  private Tool upm;

  @BeforeAll
  void install() throws IOException {
    nodes = NodeFaults.ofClusterUnderTest();
    cluster = Cluster.inNamespace("acceptance-etcd");
    upm = new Tool(cluster.namespace);
    example = EtcdExample.build(cluster, nodes, upm);
    example.install();
  }

  @AfterAll
  void remove() {
    if (cluster != null) {
      cluster.delete("UnitSet", SET);
      if (example != null) {
        example.close();
      }
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void threeMembersFormOneCluster() throws IOException {
    cluster.apply(EtcdExample.read("etcd.yaml"));

    cluster.awaitReady(SET, 3);

    assertThat(voters()).containsExactlyElementsOf(units(3));
    assertThat(leader()).isEqualTo("registry-0");
  }

  @Test
  @Order(2)
  void membersJoinAndLeaveUnderWrites() throws IOException {
    try (var writer = EtcdWriter.start(readwrite(), "scale/")) {
      cluster.await("keys before", () -> writer.acknowledgedSoFar() > 20);

      scale(5);
      cluster.awaitReady(SET, 5);
      assertThat(voters()).containsExactlyElementsOf(units(5));
      scale(3);
      cluster.await(
          "two units gone",
          () -> cluster.pod("registry-3").isEmpty() && cluster.pod("registry-4").isEmpty());
      cluster.awaitReady(SET, 3);

      assertThat(voters()).containsExactlyElementsOf(units(3));
      assertKept(writer, "scale/");
    }
  }

  /** With the volume of the member that was removed, which it must not come back with. */
  @Test
  @Order(3)
  void aMemberThatWasRemovedJoinsAnew() throws IOException {
    scale(4);

    cluster.awaitReady(SET, 4);
    assertThat(voters()).containsExactlyElementsOf(units(4));
    scale(3);
    cluster.await("the unit gone", () -> cluster.pod("registry-3").isEmpty());
    cluster.awaitReady(SET, 3);
  }

  @Test
  @Order(4)
  void aKilledLeaderIsReplacedAndReturns() throws IOException {
    try (var writer = EtcdWriter.start(readwrite(), "kill/")) {
      cluster.await("keys before", () -> writer.acknowledgedSoFar() > 20);
      String killed = leader();
      String process = cluster.pidOf(killed, ENGINE, "etcd");

      cluster.kill(killed, ENGINE, "etcd");

      cluster.await(
          "another process",
          () -> {
            String now = cluster.pidOf(killed, ENGINE, "etcd");
            return !now.isEmpty() && !now.equals(process);
          });
      cluster.awaitReady(SET, 3);
      int after = writer.acknowledgedSoFar();
      cluster.await("keys after", () -> writer.acknowledgedSoFar() > after + 20);
      assertThat(cluster.restarts(killed)).isZero();
      assertThat(voters()).containsExactlyElementsOf(units(3));
      assertKept(writer, "kill/");
    }
  }

  @Test
  @Order(5)
  void aParameterIsInForceAfterARestart() throws IOException {
    try (var writer = EtcdWriter.start(readwrite(), "restart/")) {
      cluster.edit(
          "UnitSet", SET, spec -> spec.put("parameters", Map.of("snapshot-count", "5000")));
      cluster.await("a restart is asked for", () -> units(3).stream().allMatch(this::needsRestart));

      upm.run("restart", SET).expect(0);

      for (String unit : units(3)) {
        assertThat(
                cluster.exec(
                    unit, ENGINE, "/bin/sh", "-c", "tr '\\0' ' ' </proc/$(pidof etcd)/cmdline"))
            .contains("--snapshot-count=5000");
      }
      cluster.awaitReady(SET, 3);
      assertKept(writer, "restart/");
    }
  }

  @Test
  @Order(6)
  void aWrongParameterIsRefused() {
    String refused = "";
    try {
      cluster.edit("UnitSet", SET, spec -> spec.put("parameters", Map.of("snapshot-count", "7")));
    } catch (KubernetesClientException e) {
      refused = e.getMessage();
    }
    assertThat(refused).contains("spec.parameters.snapshot-count", "1000 to 1000000");
  }

  @Test
  @Order(7)
  void aSnapshotBringsBackWhatThereWas() throws IOException {
    try (var client = EtcdClient.at(readwrite())) {
      client.put("snapshot/before", "there");
      assertThat(done("snapshot", "registry-0")).contains("monday.db");
      client.put("snapshot/later", "gone");
    }
    upm.run("stop", SET).expect(0);
    Path snapshot = volume("registry-0").resolve("snapshots").resolve("monday.db");
    for (String unit : units(3)) {
      Path place = volume(unit).resolve("snapshots").resolve("monday.db");
      if (!place.equals(snapshot)) {
        Files.createDirectories(place.getParent());
        Files.copy(snapshot, place);
        List<String> own = List.of("chown", "-R", OWNER, place.getParent().toString());
        Programs.run(volume(unit), Duration.ofSeconds(30), own).orFail(own);
      }
      assertThat(done("restore", unit)).contains("monday.db");
    }
    upm.run("start", SET).expect(0);
    cluster.awaitReady(SET, 3);

    assertThat(voters()).containsExactlyElementsOf(units(3));
    try (var client = EtcdClient.at(readwrite())) {
      // The Service leads there once kube-proxy has heard of it.
      cluster.await("the Service", () -> answers(client));
      assertThat(client.keys("snapshot/", "snapshot0")).containsExactly("snapshot/before");
    }
  }

  private static boolean answers(EtcdClient client) {
    try {
      return !client.voters().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private void scale(int units) {
    cluster.edit("UnitSet", SET, spec -> spec.put("units", units));
  }

  /** Whatever was acknowledged is on every member, and nobody had to wait for long. */
  private void assertKept(EtcdWriter writer, String prefix) throws IOException {
    Set<String> acknowledged = writer.stop();
    assertThat(writer.longestPause()).isLessThan(LONGEST_PAUSE);
    for (String unit : units(3)) {
      try (var client = EtcdClient.at(cluster.podAddress(unit))) {
        assertThat(client.keys(prefix, prefix.replace('/', '0'))).containsAll(acknowledged);
      }
    }
  }

  private Set<String> voters() throws IOException {
    try (var client = EtcdClient.at(cluster.podAddress("registry-0"))) {
      return client.voters();
    }
  }

  private String leader() {
    return String.valueOf(
        Cluster.at(cluster.find("EtcdCluster", SET).orElseThrow(), "status", "source"));
  }

  private String readwrite() {
    return cluster.service(SET + "-readwrite").getSpec().getClusterIP();
  }

  private boolean needsRestart(String unit) {
    return cluster
        .find("Unit", unit)
        .filter(
            found -> Cluster.condition(found, "ConfigApplied", "reason").equals("RestartNeeded"))
        .isPresent();
  }

  private Path volume(String unit) {
    var claim =
        cluster
            .client
            .persistentVolumeClaims()
            .inNamespace(cluster.namespace)
            .withName(unit + "-data")
            .get();
    var volume = cluster.client.persistentVolumes().withName(claim.getSpec().getVolumeName()).get();
    return nodes.volume(volume.getSpec().getHostPath().getPath());
  }

  /** What came of an action. */
  private String done(String action, String unit) {
    var calls = new Calls(cluster, ENGINE);
    String name = action + "-" + unit;
    calls.make(name, unit, action, "name: monday");
    GenericKubernetesResource call = calls.awaitEnd(name);
    assertThat(Cluster.at(call, "status", "phase")).as(call.toString()).isEqualTo("Succeeded");
    return String.valueOf(Cluster.at(call, "status", "message"));
  }

  private static Set<String> units(int count) {
    var names = new TreeSet<String>();
    IntStream.range(0, count).forEach(at -> names.add(SET + "-" + at));
    return names;
  }
}
