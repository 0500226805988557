package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/**
 * The examples that users have today, character for character but for the namespace, which the
 * client gives. The engine's image is the runtime's override for that version.
 */
class DocumentedExamplesIT {
  @Test
  void mysqlClusterWithSemiSynchronousReplicationWorksUnchanged() throws SQLException {
    try (var cluster = Cluster.inNamespace("acceptance-documented")) {
      for (String document :
          Manifests.file("documented-mysql-cluster.yaml")
              .replace("namespace: default", "namespace: " + cluster.namespace)
              .replace("headless-svc.default", "headless-svc." + cluster.namespace)
              .split("(?m)^---$")) {
        cluster.apply(document);
      }
      cluster.awaitReady("mysql-cluster", 3);
      cluster.await(
          "replication ready",
          () ->
              cluster
                  .find("MysqlReplication", "mysql-cluster-replication")
                  .map(found -> Boolean.TRUE.equals(Cluster.at(found, "status", "ready")))
                  .orElse(false));

      var service = cluster.service("mysql-cluster-replication-readwrite");
      assertThat(service.getSpec().getType()).isEqualTo("NodePort");
      assertThat(cluster.pod("mysql-cluster-0").orElseThrow().getMetadata().getLabels())
          .containsEntry("compose-operator/mysql-replication.readonly", "false")
          .containsEntry("compose-operator/mysql-replication.name", "mysql-cluster-replication");
      assertThat(cluster.pod("mysql-cluster-1").orElseThrow().getMetadata().getLabels())
          .containsEntry("compose-operator/mysql-replication.readonly", "true");
    }
  }
}
