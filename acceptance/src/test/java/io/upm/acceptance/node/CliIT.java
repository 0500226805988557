package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.acceptance.docs.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The command line tool, from the outside, on a small replicated set. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("side-by-side")
class CliIT {
  private static final String SET = "tool";
  private static final String ENGINE = "mysql";
  private static final int UNITS = 2;

  private Cluster cluster;
  private Tool upm;

  @BeforeAll
  void createSet() {
    cluster = Cluster.inNamespace("acceptance-cli");
    upm = new Tool(cluster.namespace);
    cluster.apply(Manifests.secret(SET + "-secret"));
    cluster.apply(manifest());
    cluster.awaitReady(SET, UNITS);
    upm.run("status", SET, "--wait", "4m").expect(0);
  }

  @AfterAll
  void removeNamespace() {
    cluster.close();
  }

  @Test
  @Order(1)
  void listsWhatThereIs() {
    assertThat(upm.run("get").expect(0).out())
        .contains("UnitSet")
        .contains("2/2")
        .contains("tool-0")
        .contains("tool-1")
        .contains("MysqlReplication");
    assertThat(upm.run("get", "units", "-o", "name").expect(0).out().lines())
        .containsExactly("unit.upm.syntropycloud.io/tool-0", "unit.upm.syntropycloud.io/tool-1");
    upm.run("get", "units", "nobody").expect(3);
    upm.run("logs", "nobody").expect(3);
  }

  @Test
  @Order(2)
  void saysThatNothingWouldChange(@TempDir Path folder) throws IOException {
    var result = upm.run("plan", "-f", file(folder, manifest())).expect(0);

    assertThat(result.out()).contains("nothing would change");
  }

  @Test
  @Order(3)
  void foretellsWhatAParameterDoes(@TempDir Path folder) throws IOException, SQLException {
    Map<String, String> pods = podUids();
    String changed =
        manifest()
            .replace(
                "  topology:", "  parameters: {max_connections: 77, back_log: 60}\n  topology:");

    var plan = plan(folder, changed);
    var alone = plan(folder, changed.replace(", back_log: 60", ""));
    cluster.apply(changed);

    assertThat(fates(plan)).containsOnly(Map.entry("tool-0", "KEPT"), Map.entry("tool-1", "KEPT"));
    assertThat(plan.toString()).contains("+ max_connections = 77", "upm restart tool");
    assertThat(alone.toString()).contains("is in force at once");
    for (String unit : pods.keySet()) {
      cluster.await(
          unit + " says what it has to be restarted for",
          () -> waitsForRestart(unit).startsWith("back_log needs a restart of the engine"));
      assertThat(database(unit).read("SELECT @@global.max_connections"))
          .as("without a restart")
          .containsExactly("77");
    }
    assertThat(podUids()).as("as foretold, no Pod is another").isEqualTo(pods);
    upm.run("restart", SET).expect(0);
    for (String unit : pods.keySet()) {
      cluster.await(
          "a longer queue in " + unit,
          () -> database(unit).tryRead("SELECT @@global.back_log").equals(List.of("60")));
    }
    upm.run("plan", "-f", file(folder, changed)).expect(0);
  }

  @Test
  @Order(4)
  void foretellsWhichPodsAreReplacedAndInWhatOrder(@TempDir Path folder) throws IOException {
    Map<String, String> before = podUids();
    String changed = manifest().replace("  env:\n", "  env:\n    - {name: NOTE, value: changed}\n");
    assertThat(changed).isNotEqualTo(manifest());

    var plan = plan(folder, changed);
    cluster.apply(changed);

    cluster.await("other Pods", () -> podUids().values().stream().noneMatch(before::containsValue));
    cluster.awaitReady(SET, UNITS);
    assertThat(fates(plan))
        .containsOnly(Map.entry("tool-0", "REPLACED"), Map.entry("tool-1", "REPLACED"));
    assertThat(turns(plan)).as("the order that came true").isEqualTo(byCreation());
  }

  @Test
  @Order(5)
  void restartsOneUnitAndThenAllOfThem() {
    Map<String, String> before = podUids();

    upm.run("restart", "unit/tool-1").expect(0);

    Map<String, String> once = podUids();
    assertThat(once.get("tool-0")).isEqualTo(before.get("tool-0"));
    assertThat(once.get("tool-1")).isNotEqualTo(before.get("tool-1"));
    cluster.awaitReady(SET, UNITS);

    var result = upm.run("restart", SET).expect(0);

    assertThat(result.err()).contains("2 of 2 restarted");
    assertThat(podUids().values()).doesNotContainAnyElementsOf(once.values());
    cluster.awaitReady(SET, UNITS);
    Map<String, String> after = podUids();
    upm.run("status", SET, "--wait", "2m").expect(0);
    assertThat(podUids()).as("once is enough").isEqualTo(after);
  }

  @Test
  @Order(6)
  void stopsAndStartsAnEngineInItsPod() {
    Map<String, String> pods = podUids();
    String replica = replica();

    upm.run("stop", replica).expect(0);
    assertThat(cluster.pidOf(replica, ENGINE, "mysqld")).isEmpty();
    assertThat(upm.run("status", SET).expect(1).out()).contains("Stopped");
    upm.run("start", replica).expect(0);

    assertThat(cluster.pidOf(replica, ENGINE, "mysqld")).isNotEmpty();
    assertThat(podUids()).isEqualTo(pods);
    cluster.awaitReady(SET, UNITS);
  }

  @Test
  @Order(7)
  void showsWhatEngineAndAgentSay() {
    String agent = upm.run("logs", "tool-0", "--of", "agent").expect(0).out();
    String engine = upm.run("logs", "tool-0", "--of", "engine").expect(0).out();

    assertThat(agent.lines())
        .isNotEmpty()
        .allMatch(line -> line.matches(".* agent .*|launcher: .*"));
    assertThat(engine).contains("ready for connections").doesNotContain(" INFO agent ");
    assertThat(upm.run("logs", "tool-0", "--tail", "3").expect(0).out().lines()).hasSize(3);
    upm.run("logs", "tool-0", "--previous").expect(1);
  }

  @Test
  @Order(7)
  void showsSlowStatements() throws SQLException {
    Database.ofUnit(cluster, "tool-0")
        .execute(
            "SET GLOBAL slow_query_log = ON",
            "SET long_query_time = 0",
            "SELECT 'to be found'",
            "SET GLOBAL slow_query_log = OFF");

    cluster.await(
        "the slow log is shown",
        () ->
            upm.run("logs", "tool-0", "--of", "slow")
                .expect(0)
                .out()
                .contains("\nSELECT 'to be found';\n"));
    assertThat(
            cluster
                .client
                .pods()
                .inNamespace(cluster.namespace)
                .withName("tool-0")
                .inContainer(ENGINE)
                .getLog())
        .contains("\"unit\":\"tool-0\",\"source\":\"slow\",\"message\":\"SELECT 'to be found';\"}");
  }

  @Test
  @Order(8)
  void pausesAndResumes() {
    upm.run("pause", SET).expect(0);
    assertThat(upm.run("restart", SET).expect(1).err()).contains("upm resume tool");
    upm.run("resume", SET).expect(0);
    cluster.awaitReady(SET, UNITS);
  }

  @Test
  @Order(9)
  void reportsEverythingButSecrets(@TempDir Path folder) throws IOException {
    Path zip = folder.resolve("report.zip");

    upm.run("report", "--file", zip.toString()).expect(0);

    Map<String, String> files = unzip(zip);
    String own = "namespaces/" + cluster.namespace + "/";
    assertThat(files.keySet())
        .contains(
            own + "unitsets.yaml",
            own + "units.yaml",
            own + "pods.yaml",
            own + "events.txt",
            own + "status/tool.txt",
            own + "logs/tool-0/mysql.log",
            own + "metrics/tool-0.txt",
            "runtime/pods.yaml",
            "cluster/nodes.yaml",
            "versions.txt")
        .anyMatch(name -> name.matches("runtime/logs/.*/runtime.log"))
        .anyMatch(name -> name.matches("runtime/metrics/.*"));
    assertThat(files.get(own + "logs/tool-0/mysql.log")).contains("ready for connections");
    assertThat(files.get(own + "metrics/tool-0.txt")).contains("upm_engine_up 1");
    assertThat(files.get(own + "secrets.yaml")).contains("tool-secret").contains("root:");
    String encoded =
        Base64.getEncoder().encodeToString(Manifests.PASSWORD.getBytes(StandardCharsets.UTF_8));
    files.forEach((name, text) ->
        assertThat(text)
            .as(name)
            .doesNotContain(Manifests.PASSWORD)
            .doesNotContain("pässword")
            .doesNotContain(encoded)
            .doesNotContain("PRIVATE KEY"));
  }

  @Test
  @Order(10)
  void everyMetricThatDashboardAndAlertsNameIsServed(@TempDir Path folder) throws IOException {
    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: BackupSchedule
        metadata: {name: yearly}
        spec:
          schedule: "0 0 1 1 *"
          backup: {unitSet: tool, type: mysql, action: logical-backup, parameters: {destination: "s3://backups/"}}
        """);
    cluster.await(
        "the schedule is known",
        () ->
            Cluster.at(
                    cluster.find("BackupSchedule", "yearly").orElseThrow(),
                    "status",
                    "nextScheduleTime")
                != null);
    Path zip = folder.resolve("report.zip");
    upm.run("report", "--file", zip.toString()).expect(0);
    var served = new TreeSet<String>();
    unzip(zip).entrySet().stream()
        .filter(file -> file.getKey().contains("metrics/"))
        .flatMap(file -> file.getValue().lines())
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> served.add(line.split("[ {]", 2)[0]));

    assertThat(served).containsAll(Metrics.named());
  }

  private GenericKubernetesResource plan(Path folder, String manifest) throws IOException {
    String json = upm.run("plan", "-o", "json", "-f", file(folder, manifest)).expect(2).out();
    return Serialization.unmarshal(
        "{\"kind\":\"Plan\",\"plan\":" + json + "}", GenericKubernetesResource.class);
  }

  private static List<Map<?, ?>> units(GenericKubernetesResource plan) {
    var units = new ArrayList<Map<?, ?>>();
    if (Cluster.at(plan, "plan", "objects") instanceof List<?> objects
        && objects.getFirst() instanceof Map<?, ?> object
        && object.get("units") instanceof List<?> list) {
      list.forEach(unit -> units.add((Map<?, ?>) unit));
    }
    return units;
  }

  private static Map<String, String> fates(GenericKubernetesResource plan) {
    var fates = new TreeMap<String, String>();
    units(plan)
        .forEach(
            unit -> fates.put(String.valueOf(unit.get("name")), String.valueOf(unit.get("fate"))));
    return fates;
  }

  private static List<String> turns(GenericKubernetesResource plan) {
    return units(plan).stream()
        .sorted(Comparator.comparing(unit -> ((Number) unit.get("turn")).intValue()))
        .map(unit -> String.valueOf(unit.get("name")))
        .toList();
  }

  private List<String> byCreation() {
    return cluster.client.pods().inNamespace(cluster.namespace).list().getItems().stream()
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private Map<String, String> podUids() {
    var uids = new TreeMap<String, String>();
    cluster
        .client
        .pods()
        .inNamespace(cluster.namespace)
        .list()
        .getItems()
        .forEach(pod -> uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
    return uids;
  }

  private String replica() {
    String source =
        String.valueOf(
            Cluster.at(cluster.find("MysqlReplication", SET).orElseThrow(), "status", "source"));
    return podUids().keySet().stream()
        .filter(unit -> !unit.equals(source))
        .findFirst()
        .orElseThrow();
  }

  private String waitsForRestart(String unit) {
    return cluster
        .find("Unit", unit)
        .filter(
            found -> Cluster.condition(found, "ConfigApplied", "reason").equals("RestartNeeded"))
        .map(found -> Cluster.condition(found, "ConfigApplied", "message"))
        .orElse("");
  }

  private Database database(String unit) {
    return Database.ofUnit(cluster, unit);
  }

  private static String manifest() {
    return Manifests.file(
        "unitset.yaml",
        "name",
        SET,
        "version",
        "8.0.33",
        "units",
        String.valueOf(UNITS),
        "mode",
        "rpl_async");
  }

  private static String file(Path folder, String manifest) throws IOException {
    Path file = folder.resolve("set.yaml");
    return Files.writeString(file, manifest).toString();
  }

  private static Map<String, String> unzip(Path path) throws IOException {
    var files = new TreeMap<String, String>();
    try (var zip = new ZipFile(path.toFile())) {
      for (var entry : zip.stream().toList()) {
        try (var stream = zip.getInputStream(entry)) {
          files.put(entry.getName(), new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return files;
  }
}
