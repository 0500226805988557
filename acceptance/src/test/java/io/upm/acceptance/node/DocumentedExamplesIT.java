package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The examples that users have today, character for character but for the namespace, which the
 * client gives. The engine's image is the runtime's override for that version.
 *
 * <p>The example's passwords are ciphertext of a key that only its author has. Taken as they stand,
 * the one for replication is longer than a replication channel can keep; that is said, and with
 * passwords of one's own in the same Secret everything comes up.
 */
@Tag("side-by-side")
class DocumentedExamplesIT {
  private static final String SET = "mysql-cluster";
  private static final String TOPOLOGY = "mysql-cluster-replication";

  @Test
  void mysqlClusterWithSemiSynchronousReplicationAppliesUnchanged() {
    try (var cluster = Cluster.inNamespace("acceptance-documented")) {
      for (String document : documents(cluster.namespace)) {
        cluster.apply(document);
      }
      cluster.await(
          "what is wrong with the example's password is said", () -> saysWhatIsWrong(cluster));

      cluster.apply(
          """
          apiVersion: v1
          kind: Secret
          metadata: {name: mysql-cluster-secret}
          data: {root: b2Ygb25lJ3Mgb3du, replication: b2Ygb25lJ3Mgb3du}
          """);
      cluster.awaitReady(SET, 3);
      cluster.await("replication ready", () -> topologyIsReady(cluster));

      assertThat(cluster.service(TOPOLOGY + "-readwrite").getSpec().getType())
          .isEqualTo("NodePort");
      assertThat(labels(cluster, SET + "-0"))
          .containsEntry("compose-operator/mysql-replication.readonly", "false")
          .containsEntry("compose-operator/mysql-replication.name", TOPOLOGY);
      assertThat(labels(cluster, SET + "-1"))
          .containsEntry("compose-operator/mysql-replication.readonly", "true");
    }
  }

  private static String[] documents(String namespace) {
    return Manifests.file("documented-mysql-cluster.yaml")
        .replace("namespace: default", "namespace: " + namespace)
        .replace("headless-svc.default", "headless-svc." + namespace)
        .split("(?m)^---$");
  }

  private static boolean saysWhatIsWrong(Cluster cluster) {
    return cluster
        .find("UnitSet", SET)
        .map(Cluster::conditions)
        .filter(conditions -> conditions.contains("32 bytes"))
        .isPresent();
  }

  private static boolean topologyIsReady(Cluster cluster) {
    return cluster
        .find("MysqlReplication", TOPOLOGY)
        .map(found -> Boolean.TRUE.equals(Cluster.at(found, "status", "ready")))
        .orElse(false);
  }

  private static java.util.Map<String, String> labels(Cluster cluster, String pod) {
    return cluster.pod(pod).orElseThrow().getMetadata().getLabels();
  }
}
