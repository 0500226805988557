package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What users have done beside a server, from the object to the server and back. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcCallIT {
  private static final String SET = "calls";
  private static final String UNIT = SET + "-0";

  private Cluster cluster;
  private Calls calls;
  private Database database;

  @BeforeAll
  void make() {
    cluster = Cluster.inNamespace("acceptance-calls");
    calls = new Calls(cluster, "mysql");
    cluster.apply(Manifests.secret(SET + "-secret"));
    new ReplicatedSet(cluster, SET).apply(2);
    cluster.awaitReady(SET, 2);
    database = Database.ofUnit(cluster, UNIT);
  }

  @AfterAll
  void remove() {
    cluster.close();
  }

  @Test
  void variablesAreChangedInTheRunningServerAndReadBack() throws SQLException {
    String server = cluster.pidOf(UNIT, "mysql", "mysqld");
    calls.make(
        "more",
        UNIT,
        "set-variable",
        "variables: {max_connections: \"123\", slow_query_log: true}");

    GenericKubernetesResource call = calls.awaitEnd("more");

    assertThat(Cluster.at(call, "status", "phase")).isEqualTo("Succeeded");
    assertThat(Cluster.at(call, "status", "result")).isEqualTo("Success");
    assertThat(Cluster.at(call, "status", "values"))
        .isEqualTo(Map.of("max_connections", "123", "slow_query_log", "1"));
    assertThat(cluster.is("GrpcCall", "more", "Complete")).isTrue();
    assertThat(database.read("SELECT @@GLOBAL.max_connections, @@GLOBAL.slow_query_log").getFirst())
        .isEqualTo("123");
    assertThat(cluster.pidOf(UNIT, "mysql", "mysqld")).isEqualTo(server);
  }

  @Test
  void whatTheServerRefusesChangesNothing() throws SQLException {
    String before = database.read("SELECT @@GLOBAL.max_user_connections").getFirst();
    calls.make(
        "refused",
        UNIT,
        "set-variable",
        "variables: {max_user_connections: \"77\", optimizer_switch: no_such_switch=on}");

    GenericKubernetesResource call = calls.awaitEnd("refused");

    assertThat(Cluster.at(call, "status", "phase")).isEqualTo("Failed");
    assertThat(String.valueOf(Cluster.at(call, "status", "message")))
        .contains("optimizer_switch", "1231", "all variables have their former values");
    assertThat(database.read("SELECT @@GLOBAL.max_user_connections").getFirst()).isEqualTo(before);
  }

  @Test
  void whatIsWrongIsRefusedAtOnce() {
    assertThatThrownBy(() -> calls.make("sings", UNIT, "sing", ""))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(
            "spec.action: \"sing\" is not allowed: one of apply-database, apply-user, binlog-backup,");
    assertThatThrownBy(() -> calls.make("odd", UNIT, "set-variable", "values: {a: b}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("spec.parameters.values")
        .hasMessageContaining("there is no such field; there is variables");
    assertThat(cluster.find("GrpcCall", "sings")).isEmpty();
  }
}
