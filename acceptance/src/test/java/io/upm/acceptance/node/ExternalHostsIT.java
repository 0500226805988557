package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Databases that no Unit of the namespace runs: the topology reaches them by host name only, and
 * its Services lead to them by EndpointSlices.
 */
@Tag("side-by-side")
class ExternalHostsIT {
  private static final String TOPOLOGY = "outside";

  @Test
  void replicationIsSetUpAndServicesLeadToTheHosts() throws SQLException {
    try (var databases = Cluster.inNamespace("acceptance-hosts");
        var cluster = Cluster.inNamespace("acceptance-outside")) {
      databases.apply(Manifests.secret("host-secret"));
      databases.apply(
          Manifests.file(
                  "unitset.yaml", "name", "host", "version", "8.0.33", "units", "2", "mode", "none")
              .replace("  topology:\n    mode: none\n", "")
              .replace("  env:\n", "  env:\n    - {name: ARCH_MODE, value: rpl_async}\n"));
      databases.awaitReady("host", 2);
      cluster.apply(Manifests.secret("outside-secret"));
      cluster.apply(
          """
          apiVersion: upm.syntropycloud.io/v1alpha1
          kind: MysqlReplication
          metadata: {name: outside}
          spec:
            mode: rpl_async
            secret: {name: outside-secret, mysql: repl, replication: repl}
            source: {name: left, host: host-0.host-headless-svc.acceptance-hosts, port: 3306}
            replica:
              - {name: right, host: host-1.host-headless-svc.acceptance-hosts, port: 3306}
            service: {type: ClusterIP}
          """);
      cluster.await(
          "topology ready",
          () ->
              cluster
                  .find("MysqlReplication", TOPOLOGY)
                  .map(found -> Boolean.TRUE.equals(Cluster.at(found, "status", "ready")))
                  .orElse(false));

      var readwrite = Database.ofService(cluster, TOPOLOGY + "-readwrite");
      cluster.await(
          "the Service's rules on the node", () -> readwrite.tryRead("SELECT 1").contains("1"));
      readwrite.execute(
          "CREATE DATABASE outside",
          "CREATE TABLE outside.t (id INT PRIMARY KEY)",
          "INSERT INTO outside.t VALUES (7)");
      var readonly = Database.ofService(cluster, TOPOLOGY + "-readonly");
      cluster.await("the row", () -> readonly.tryRead("SELECT id FROM outside.t").contains("7"));
      assertThat(addressesBehind(cluster, TOPOLOGY + "-readwrite"))
          .containsExactly(databases.podAddress("host-0"));
    }
  }

  /** Kubernetes' own slice for a Service without matching Pods has no endpoints at all. */
  private static List<String> addressesBehind(Cluster cluster, String service) {
    return cluster
        .client
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(cluster.namespace)
        .withLabel("kubernetes.io/service-name", service)
        .list()
        .getItems()
        .stream()
        .map(EndpointSlice::getEndpoints)
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .flatMap(endpoint -> endpoint.getAddresses().stream())
        .toList();
  }
}
