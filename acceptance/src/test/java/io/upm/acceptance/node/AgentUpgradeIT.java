package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Agents are exchanged beside databases that serve, and nobody notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AgentUpgradeIT {
  private static final String SET = "agents";
  private static final String ENGINE = "mysql";
  private static final int UNITS = 2;
  private static final String AGAIN = "upm.local/upm-agent:again";
  private static final String NOWHERE = "upm.local/upm-agent:nowhere";

  private Cluster cluster;
  private ReplicatedSet set;
  private String usual;

  @BeforeAll
  void createSet() {
    cluster = Cluster.inNamespace("acceptance-agents");
    set = new ReplicatedSet(cluster, SET);
    cluster.apply(Manifests.secret(SET + "-secret"));
    set.apply(UNITS);
    usual = agentImage();
    try (var nodes = NodeFaults.ofClusterUnderTest()) {
      nodes.tagImage(usual, AGAIN);
    }
    cluster.awaitReady(SET, UNITS);
  }

  @AfterAll
  void remove() {
    if (usual != null) {
      useAgent(usual);
    }
    cluster.delete("UnitSet", SET);
    cluster.await("no unit is left", () -> cluster.list("Unit").isEmpty());
    cluster.close();
  }

  @Test
  @Order(1)
  void anotherAgentTakesOverUnderWritesAndNoServerNotices() throws Exception {
    Map<String, String> pods = pods();
    Map<String, String> servers = servers();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      awaitRows(writer);
      int rows = writer.acknowledgedSoFar();
      useAgent(AGAIN);
      long began = System.nanoTime();
      awaitAgents(AGAIN);
      System.out.printf(
          "agents of %d units changed %d ms after the runtime, %d rows since that began%n",
          UNITS,
          Duration.ofNanos(System.nanoTime() - began).toMillis(),
          writer.acknowledgedSoFar() - rows);
      awaitRows(writer);
      assertThat(writer.errors()).as("errors of the client").isEmpty();
      set.awaitRowsOnAll(UNITS, writer.stop());
    }
    assertThat(pods()).as("Pods and their restarts").isEqualTo(pods);
    assertThat(servers()).as("processes of the servers").isEqualTo(servers);
    assertThat(cluster.exec(set.unitName(0), ENGINE, "/bin/sh", "-c", "cat /proc/*/cmdline"))
        .as("the agent's command line")
        .contains("/opt/upm/trees/");
  }

  @Test
  @Order(2)
  void oneThatCanNotBeHadIsSaidOfOneUnitAndChangesNothing() {
    wantAgent(NOWHERE);
    cluster.await(
        "one unit says so",
        () -> units().values().stream().anyMatch(said -> said.contains("Changing: ")));

    assertThat(units().values())
        .as("conditions of the units")
        .filteredOn(said -> said.contains("Changing: "))
        .singleElement()
        .asString()
        .contains("the agent is to be that of " + NOWHERE);
    assertThat(cluster.isReady(SET, UNITS)).isTrue();
    assertThat(images().values()).containsOnly(AGAIN);

    useAgent(usual);
    awaitAgents(usual);
    cluster.await(
        "nothing is left to be said", () -> units().values().stream().allMatch(String::isEmpty));
    assertThat(cluster.isReady(SET, UNITS)).isTrue();
  }

  /** Some more than there are. */
  private void awaitRows(NumberedWriter writer) {
    int now = writer.acknowledgedSoFar();
    cluster.await("rows of the client", () -> writer.acknowledgedSoFar() > now + 50);
  }

  private void awaitAgents(String image) {
    cluster.await(
        "all agents are those of " + image,
        () -> images().values().stream().allMatch(image::equals) && cluster.isReady(SET, UNITS));
  }

  private Map<String, String> images() {
    return byName(unit -> String.valueOf(Cluster.at(unit, "status", "agent", "image")));
  }

  /** What is to be said about the agents, by unit. */
  private Map<String, String> units() {
    return byName(unit -> {
      String reason = Cluster.condition(unit, "AgentCurrent", "reason");
      return reason.isEmpty()
          ? ""
          : reason + ": " + Cluster.condition(unit, "AgentCurrent", "message");
    });
  }

  private Map<String, String> byName(Function<GenericKubernetesResource, String> value) {
    return cluster.list("Unit").stream()
        .collect(
            Collectors.toMap(
                unit -> unit.getMetadata().getName(), value, (a, b) -> a, TreeMap::new));
  }

  private Map<String, String> pods() {
    return ofPods(pod -> pod.getMetadata().getUid() + " " + cluster.restarts(name(pod)));
  }

  private Map<String, String> servers() {
    return ofPods(pod -> cluster.pidOf(name(pod), ENGINE, "mysqld"));
  }

  private Map<String, String> ofPods(Function<Pod, String> value) {
    return cluster.client.pods().inNamespace(cluster.namespace).list().getItems().stream()
        .collect(Collectors.toMap(AgentUpgradeIT::name, value, (a, b) -> a, TreeMap::new));
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private String agentImage() {
    return runtime().getSpec().getTemplate().getSpec().getContainers().stream()
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getName().equals("UPM_AGENT_IMAGE"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  /** As an upgrade of UPM does it, and awaited. */
  private void useAgent(String image) {
    wantAgent(image);
    cluster.await(
        "the runtime is rolled",
        () -> {
          Deployment now = runtime();
          int wanted = now.getSpec().getReplicas();
          var status = now.getStatus();
          return now.getMetadata().getGeneration().equals(status.getObservedGeneration())
              && Integer.valueOf(wanted).equals(status.getUpdatedReplicas())
              && Integer.valueOf(wanted).equals(status.getReadyReplicas())
              && Integer.valueOf(wanted).equals(status.getReplicas());
        });
  }

  private void wantAgent(String image) {
    cluster
        .client
        .apps()
        .deployments()
        .resource(runtime())
        .edit(deployment -> {
          for (Container container : deployment.getSpec().getTemplate().getSpec().getContainers()) {
            container.getEnv().stream()
                .filter(variable -> variable.getName().equals("UPM_AGENT_IMAGE"))
                .forEach(variable -> variable.setValue(image));
          }
          return deployment;
        });
  }

  private Deployment runtime() {
    return cluster
        .client
        .apps()
        .deployments()
        .inNamespace("upm-system")
        .withName("upm-runtime")
        .require();
  }
}
