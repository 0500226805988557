package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Changes of all kinds reach a set that serves on three nodes, while a client writes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangesIT {
  private static final String SET = "chg";
  private static final String UNIT_2 = SET + "-2";

  /** How long a Unit may stay Ready after its agent's last word. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** Of this test's own: it looks ten times a second, and the machine is busy. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final NodeFaults nodes = NodeFaults.ofClusterUnderTest();
  private Cluster cluster;
  private String size = "2Gi";
  private NumberedWriter writer;

  @BeforeAll
  void createSet() throws SQLException {
    cluster = Cluster.inNamespace("acceptance-changes");
    cluster.apply(Manifests.secret(SET + "-secret"));
    apply(List.of());
    cluster.awaitReady(SET, 3);
    writer = NumberedWriter.start(Database.ofService(cluster, SET + "-readwrite"));
  }

  @AfterAll
  void removeNamespace() {
    nodes.close();
    if (writer != null) {
      writer.close();
    }
    cluster.close();
  }

  @Test
  @Order(1)
  void parametersAndLabelsReachThePodsThatRun() {
    Map<String, String> before = uids();

    apply(List.of("parameters: {max_connections: 77}"), "tier", "gold");

    cluster.await("label", () -> "gold".equals(label(UNIT_2, "tier")));
    for (String unit : before.keySet()) {
      cluster.await(
          "connections of " + unit,
          () -> database(unit).tryRead("SELECT @@GLOBAL.max_connections").equals(List.of("77")));
    }
    apply(List.of("parameters: {max_connections: 77}"));
    cluster.await("label gone", () -> label(UNIT_2, "tier") == null);
    assertThat(uids()).isEqualTo(before);
  }

  @Test
  @Order(2)
  void aUnitIsStoppedAndStartedInItsPod() throws SQLException {
    Map<String, String> before = uids();

    startup(UNIT_2, false);
    cluster.await(
        "engine stopped",
        () -> "stopped".equals(Cluster.at(unit(UNIT_2), "status", "processState")));
    assertThat(message("Unit", UNIT_2, "Ready")).contains("spec.startup is false");

    startup(UNIT_2, true);
    cluster.awaitReady(SET, 3);

    assertThat(database(UNIT_2).read("SELECT @@max_connections"))
        .as("a parameter that the server had taken before")
        .containsExactly("77");
    assertThat(uids()).isEqualTo(before);
  }

  @Test
  @Order(3)
  void resourcesChangeInThePodsThatRunAndTheServersAreSizedForThem() throws SQLException {
    Map<String, String> before = uids();
    long buffers = bufferPool(UNIT_2);

    apply(
        List.of(
            "parameters: {max_connections: 77}",
            "resources: {requests: {cpu: 110m, memory: 700Mi}, limits: {memory: 1536Mi}}"));
    cluster.await("resized", () -> isDone() && pods().stream().allMatch(ChangesIT::isResized));
    cluster.awaitReady(SET, 3);

    for (int ordinal = 0; ordinal < 3; ordinal++) {
      assertThat(bufferPool(SET + "-" + ordinal)).isGreaterThan(buffers);
    }
    assertThat(uids()).isEqualTo(before);
  }

  @Test
  @Order(4)
  void volumesGrowUnderTheServersThatUseThem() {
    Map<String, String> before = uids();
    size = "3Gi";

    apply(
        List.of(
            "parameters: {max_connections: 77}",
            "resources: {requests: {cpu: 110m, memory: 700Mi}, limits: {memory: 1536Mi}}"));

    cluster.await(
        "larger volumes",
        () ->
            cluster.list("Unit").stream()
                .allMatch(unit ->
                    Cluster.at(unit, "status", "persistentVolumeClaim") instanceof List<?> claims
                        && String.valueOf(claims.getFirst()).contains("storage=3Gi")));
    assertThat(uids()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void versionAndEnvironmentRollThroughTheSetWithTheSourceLast() {
    Map<String, String> before = uids();
    String source = source();

    apply(
        List.of(
            "version: 8.0.41",
            "resources: {requests: {cpu: 110m, memory: 700Mi}, limits: {memory: 1536Mi}}"),
        "env",
        "NEW");

    assertThat(orderOfReplacement(before).getLast()).isEqualTo(source);
    assertThat(pods())
        .allSatisfy(pod -> {
          assertThat(pod.getSpec().getContainers().getFirst().getImage()).contains("8.0.");
          assertThat(pod.getSpec().getContainers().getFirst().getEnv())
              .extracting(variable -> variable.getName())
              .contains("NEW");
        });
  }

  @Test
  @Order(6)
  void aParameterThatTakesARestartRollsThroughTheSetWhereThatIsWanted() throws SQLException {
    Map<String, String> before = uids();
    String source = source();

    apply(
        List.of(
            "version: 8.0.41",
            "parameters: {back_log: 99}",
            "updateStrategy: {parameterRestart: Automatic}",
            "resources: {requests: {cpu: 110m, memory: 700Mi}, limits: {memory: 1536Mi}}"),
        "env",
        "NEW");

    assertThat(orderOfReplacement(before).getLast()).isEqualTo(source);
    for (String unit : before.keySet()) {
      assertThat(database(unit).read("SELECT @@GLOBAL.back_log")).containsExactly("99");
    }
  }

  @Test
  @Order(7)
  void aNodeIsCutOffAndComesBack() {
    Map<String, String> before = uids();
    String replica = replicaAwayFromTheRuntime();
    int written = writer.acknowledgedSoFar();

    nodes.cut(cluster.nodeOf(replica));
    Instant cut = Instant.now();
    cluster.await(replica + " not Ready", () -> !isReady(replica));
    Duration noticed = Duration.between(cut, Instant.now());

    cluster.await("writes go on", () -> writer.acknowledgedSoFar() > written + 50);
    cluster.await(
        "Unit says why", () -> message("Unit", replica, "Ready").contains("is not ready since"));
    assertThat(String.valueOf(Cluster.at(unit(replica), "status", "waitingFor", "unblock")))
        .contains("kubectl taint nodes");
    nodes.heal();
    cluster.awaitReady(SET, 3);

    assertThat(noticed).isLessThan(SILENCE.plus(SLACK));
    assertThat(uids()).as("nothing was replaced: the node ran on").isEqualTo(before);
  }

  @Test
  @Order(8)
  void everyAcknowledgedRowIsThere() {
    Set<Long> acknowledged = writer.stop();

    assertThat(acknowledged).hasSizeGreaterThan(100);
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      NumberedWriter.awaitRows(cluster, database(SET + "-" + ordinal), acknowledged);
    }
  }

  /** The set with other top-level fields of its spec, and one label or variable more. */
  private void apply(List<String> fields, String... more) {
    String yaml =
        Manifests.file(
                "unitset.yaml",
                "name",
                SET,
                "version",
                "8.0.33",
                "units",
                "3",
                "mode",
                "rpl_semi_sync")
            .replace("size: 2Gi}", "size: " + size + ", storageClassName: growing}");
    for (String field : fields) {
      String key = field.substring(0, field.indexOf(':'));
      yaml =
          yaml.replaceAll("(?m)^  " + key + ":.*\\n(    .*\\n)*", "")
              .replaceFirst("(?m)^spec:\\n", "spec:\n  " + field + "\n");
    }
    yaml = yaml.replaceFirst("(?m)^spec:\\n", "spec:\n  podAntiAffinityPreset: hard\n");
    if (more.length == 2 && more[0].equals("env")) {
      yaml =
          yaml.replaceFirst("(?m)^  env:\\n", "  env:\n    - {name: " + more[1] + ", value: x}\n");
    } else if (more.length == 2) {
      yaml =
          yaml.replaceFirst(
              "(?m)^metadata:\\n", "metadata:\n  labels: {" + more[0] + ": " + more[1] + "}\n");
    }
    cluster.apply(yaml);
  }

  private String source() {
    return String.valueOf(
        Cluster.at(cluster.find("MysqlReplication", SET).orElseThrow(), "status", "source"));
  }

  /** Waits until every unit has another Pod and is ready; in which order they got it. */
  private List<String> orderOfReplacement(Map<String, String> before) {
    var order = new ArrayList<String>();
    cluster.await(
        "every Pod replaced",
        () -> {
          uids()
              .forEach((name, uid) -> {
                if (!uid.equals(before.get(name)) && !order.contains(name)) {
                  order.add(name);
                }
              });
          return order.size() == 3 && isDone();
        });
    cluster.awaitReady(SET, 3);
    return order;
  }

  private void startup(String unit, boolean value) {
    cluster
        .client
        .genericKubernetesResources("upm.syntropycloud.io/v1alpha2", "Unit")
        .inNamespace(cluster.namespace)
        .withName(unit)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"startup\":" + value + "}}");
  }

  private GenericKubernetesResource unit(String name) {
    return cluster.find("Unit", name).orElseThrow();
  }

  private String message(String kind, String name, String condition) {
    return cluster
        .find(kind, name)
        .map(found -> Cluster.condition(found, condition, "message"))
        .orElse("");
  }

  private boolean isReady(String unit) {
    return cluster.is("Unit", unit, "Ready");
  }

  /** Whether the set has nothing left to change. */
  private boolean isDone() {
    var set = cluster.find("UnitSet", SET).orElseThrow();
    return Cluster.observed(set) && Cluster.condition(set, "Progressing", "reason").equals("Done");
  }

  private List<Pod> pods() {
    return cluster.client.pods().inNamespace(cluster.namespace).list().getItems();
  }

  private Map<String, String> uids() {
    var uids = new TreeMap<String, String>();
    pods().forEach(pod -> uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
    return uids;
  }

  private String label(String pod, String key) {
    return cluster.pod(pod).orElseThrow().getMetadata().getLabels().get(key);
  }

  private static boolean isResized(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .allMatch(status ->
            status.getResources() != null
                && "1536Mi".equals(String.valueOf(status.getResources().getLimits().get("memory")))
                && "110m".equals(String.valueOf(status.getResources().getRequests().get("cpu"))));
  }

  /** A runtime that is cut off itself can tell nothing until another leads. */
  private String replicaAwayFromTheRuntime() {
    String node = cluster.nodeOfTheLeader();
    String source = source();
    return uids().keySet().stream()
        .filter(unit -> !unit.equals(source) && !node.equals(cluster.nodeOf(unit)))
        .findFirst()
        .orElseThrow();
  }

  private long bufferPool(String unit) throws SQLException {
    return Long.parseLong(database(unit).read("SELECT @@innodb_buffer_pool_size").getFirst());
  }

  private Database database(String unit) {
    return Database.ofUnit(cluster, unit);
  }
}
