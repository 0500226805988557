package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A node dies under the unit that takes the writes, and the unit's volume can go elsewhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostNodeIT {
  private static final String SET = "lost";
  private static final int UNITS = 3;

  /** How long a Unit may stay Ready after its agent's last word. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** Of this test's own: it looks four times a second, and the machine is busy. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private static final Pattern VOUCH =
      Pattern.compile("kubectl taint nodes (\\S+) ([^=]+)=([^:]+):(\\S+)");

  private final NodeFaults nodes = NodeFaults.ofClusterUnderTest();
  private Cluster cluster;
  private ReplicatedSet set;
  private NumberedWriter writer;
  private String source;
  private String node = "";
  private Pod before;

  @BeforeAll
  void createSetAndWriteToIt() throws SQLException {
    cluster = Cluster.inNamespace("acceptance-lost");
    set = new ReplicatedSet(cluster, SET);
    cluster.apply(Manifests.secret(SET + "-secret"));
    cluster.apply(set.manifest(UNITS).replace("spec:\n", "spec:\n  podAntiAffinityPreset: soft\n"));
    cluster.awaitReady(SET, UNITS);
    source = unitAwayFromTheLeader();
    if (!source.equals(set.source())) {
      set.prefer(source);
      cluster.await("another source", () -> set.source().equals(source));
      cluster.awaitReady(SET, UNITS);
    }
    before = cluster.pod(source).orElseThrow();
    writer = NumberedWriter.start(set.readwrite());
    cluster.await("rows", () -> writer.acknowledgedSoFar() > 50);
  }

  @AfterAll
  void healTheNode() {
    nodes.close();
    withdrawTheWord();
    if (writer != null) {
      writer.close();
    }
    cluster.close();
  }

  @Test
  @Order(1)
  void theUnitIsNotReadyAtOnceAndSaysWhatIsAwaitedAndWhatToDo() {
    node = cluster.nodeOf(source);

    Instant crashed = Instant.now();
    nodes.crash(node);
    cluster.await(source + " not Ready", () -> !cluster.is("Unit", source, "Ready"));
    Duration noticed = Duration.between(crashed, Instant.now());

    cluster.await("Unit says what to do", () -> unblock().contains("kubectl taint nodes " + node));
    assertThat(noticed).isLessThan(SILENCE.plus(SLACK));
  }

  /** The scheduler, the garbage collector and the runtime have all seen that the node is silent. */
  @Test
  @Order(2)
  void nothingIsReplacedAsLongAsTheOldServerMayWrite() {
    cluster.await(
        "Kubernetes marks the node", () -> taints().contains("node.kubernetes.io/unreachable"));

    assertThat(cluster.pod(source).orElseThrow().getMetadata().getUid())
        .isEqualTo(before.getMetadata().getUid());
    assertThat(set.source()).isEqualTo(source);
  }

  @Test
  @Order(3)
  void onceSomebodyVouchesThatTheNodeIsDeadTheVolumeGoesElsewhereWithEveryAcknowledgedRow()
      throws SQLException {
    int acknowledgedBefore = writer.acknowledgedSoFar();

    vouch();

    cluster.await(
        "a Pod on another node",
        () ->
            cluster
                .pod(source)
                .map(pod -> pod.getSpec().getNodeName())
                .filter(now -> !now.equals(node))
                .isPresent());
    cluster.awaitReady(SET, UNITS);
    cluster.await("writes go on", () -> writer.acknowledgedSoFar() > acknowledgedBefore + 20);
    Set<Long> acknowledged = writer.stop();
    set.awaitRowsOnAll(UNITS, acknowledged);
    assertThat(claimOf(cluster.pod(source).orElseThrow())).isEqualTo(claimOf(before));
  }

  @Test
  @Order(4)
  void theNodeThatComesBackStartsNoSecondServer() {
    Set<String> uids = set.podUids();

    nodes.heal();
    cluster.await("the node is back", () -> readiness().equals("True"));
    withdrawTheWord();

    cluster.await(
        "the node has nothing of the old Pod",
        () -> !nodes.podsOn(node).contains(before.getMetadata().getUid()));
    cluster.awaitReady(SET, UNITS);
    assertThat(set.podUids()).isEqualTo(uids);
  }

  private String unitAwayFromTheLeader() {
    String leader = cluster.nodeOfTheLeader();
    return List.of(0, 1, 2).stream()
        .map(set::unitName)
        .filter(unit -> !cluster.nodeOf(unit).equals(leader))
        .findFirst()
        .orElseThrow(() -> new AssertionError("all units run on node " + leader));
  }

  private String unblock() {
    return String.valueOf(
        Cluster.at(cluster.find("Unit", source).orElseThrow(), "status", "waitingFor", "unblock"));
  }

  /** Does what the Unit says can be done, to the letter. */
  private void vouch() {
    var command = VOUCH.matcher(unblock());
    assertThat(command.find()).as(unblock()).isTrue();
    Taint taint =
        new TaintBuilder()
            .withKey(command.group(2))
            .withValue(command.group(3))
            .withEffect(command.group(4))
            .build();
    changeTaints(command.group(1), taints -> taints.add(taint));
  }

  private void withdrawTheWord() {
    if (!node.isEmpty()) {
      changeTaints(
          node, taints -> taints.removeIf(taint -> taint.getKey().endsWith("/out-of-service")));
    }
  }

  /** Again as long as Kubernetes itself changes the node at the same moment. */
  private void changeTaints(String name, Consumer<List<Taint>> change) {
    cluster.await(
        "changed taints of node " + name,
        () -> {
          cluster
              .client
              .nodes()
              .withName(name)
              .edit(live -> {
                change.accept(live.getSpec().getTaints());
                return live;
              });
          return true;
        });
  }

  private List<String> taints() {
    return cluster.client.nodes().withName(node).require().getSpec().getTaints().stream()
        .map(Taint::getKey)
        .toList();
  }

  private String readiness() {
    return cluster.client.nodes().withName(node).require().getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .map(condition -> condition.getStatus())
        .findFirst()
        .orElse("");
  }

  private static List<String> claimOf(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getPersistentVolumeClaim() != null)
        .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .toList();
  }
}
