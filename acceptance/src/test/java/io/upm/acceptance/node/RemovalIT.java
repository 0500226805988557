package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What is removed goes in order: the writes before their unit, the units before the namespace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RemovalIT {
  private static final Duration NAMESPACE = Duration.ofSeconds(60);

  private Cluster cluster;
  private ReplicatedSet set;

  @BeforeAll
  void createSet() {
    cluster = Cluster.inNamespace("acceptance-removal");
    set = new ReplicatedSet(cluster, "less");
    cluster.apply(Manifests.secret("less-secret"));
    set.apply(3);
    cluster.awaitReady("less", 3);
  }

  @AfterAll
  void removeNamespace() {
    cluster.close();
  }

  @Test
  @Order(1)
  void theUnitThatTakesTheWritesHandsOverBeforeItIsRemoved() throws SQLException {
    String last = set.unitName(2);
    set.prefer(last);
    cluster.await(last + " takes the writes", () -> set.source().equals(last));
    cluster.awaitReady("less", 3);
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.await("rows before", () -> writer.acknowledgedSoFar() > 20);

      set.apply(2);

      cluster.await("another source", () -> !set.source().equals(last));
      cluster.await(
          last + " gone",
          () -> cluster.find("Unit", last).isEmpty() && cluster.pod(last).isEmpty());
      cluster.awaitReady("less", 2);
      int after = writer.acknowledgedSoFar();
      cluster.await("rows after", () -> writer.acknowledgedSoFar() > after + 20);
      Set<Long> acknowledged = writer.stop();

      set.awaitRowsOnAll(2, acknowledged);
    }
    assertThat(set.source()).isIn(set.unitName(0), set.unitName(1));
  }

  /** With the volume that it left. */
  @Test
  @Order(2)
  void aUnitThatTookTheWritesComesBackAsAReplica() throws SQLException {
    String source = set.source();
    try (var writer = NumberedWriter.start(set.readwrite())) {
      cluster.await("rows before", () -> writer.acknowledgedSoFar() > 20);

      set.apply(3);

      cluster.awaitReady("less", 3);
      Set<Long> acknowledged = writer.stop();
      set.awaitRowsOnAll(3, acknowledged);
    }
    assertThat(set.source()).isEqualTo(source);
  }

  @Test
  @Order(3)
  void aNamespaceWithServingUnitsIsGoneWithinAMinute() {
    Instant began = Instant.now();

    cluster.client.namespaces().withName(cluster.namespace).delete();
    cluster.await(
        "the namespace gone",
        () -> cluster.client.namespaces().withName(cluster.namespace).get() == null);

    assertThat(Duration.between(began, Instant.now())).isLessThan(NAMESPACE);
  }
}
