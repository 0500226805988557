package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A database and a user of an application, from the manifest to the login. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeclaredDatabasesIT {
  private static final String SET = "declared";
  private static final String FIRST = "it's the \"first\"";
  private static final String SECOND = "the ßecond\\";

  private Cluster cluster;
  private ReplicatedSet set;

  @BeforeAll
  void make() {
    cluster = Cluster.inNamespace("acceptance-declared");
    cluster.apply(Manifests.secret(SET + "-secret"));
    set = new ReplicatedSet(cluster, SET);
    set.apply(2);
    password(FIRST);
    // Before there is a server: they wait for one.
    declare("");
    cluster.awaitReady(SET, 2);
  }

  @AfterAll
  void remove() {
    cluster.close();
  }

  @Test
  @Order(1)
  void aUserLogsInAndMayDoWhatIsDeclared() throws SQLException {
    awaitReady();
    Database app = application(FIRST);

    app.execute("CREATE TABLE shop_eu.orders (id INT PRIMARY KEY)");
    app.execute("INSERT INTO shop_eu.orders VALUES (1)");
    assertThat(app.read("SELECT id FROM shop_eu.orders")).containsExactly("1");
    for (String forbidden :
        List.of(
            "DELETE FROM shop_eu.orders",
            "CREATE DATABASE shop_us",
            "CREATE TABLE shopXeu.t (id INT)",
            "SELECT user FROM mysql.user")) {
      assertThatThrownBy(() -> app.execute(forbidden))
          .as(forbidden)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("denied");
    }
    assertThat(
            set.readwrite()
                .read(
                    "SELECT default_collation_name FROM information_schema.schemata"
                        + " WHERE schema_name = 'shop_eu'"))
        .containsExactly("utf8mb4_bin");
  }

  @Test
  @Order(2)
  void aPasswordChangesWithoutARefusedLogin() throws SQLException {
    try (var logins = new Logins(application(FIRST))) {
      password(SECOND);
      cluster.annotate("DatabaseUser", "app", "upm.io/apply-at", "now");
      cluster.await(
          "both passwords", () -> Cluster.at(user(), "status", "formerPasswordUntil") != null);
      logins.awaitMore(20);
      assertThat(logins.refusal()).isEmpty();
    }
    assertThat(application(SECOND).read("SELECT id FROM shop_eu.orders")).containsExactly("1");
    assertThat(application("neither").tryRead("SELECT 1")).isEmpty();
    assertThat(user().toString()).doesNotContain(FIRST, SECOND);
  }

  @Test
  @Order(3)
  void whatIsDeletedStays() throws SQLException {
    cluster.delete("DatabaseUser", "app");
    cluster.delete("Database", "shop");

    awaitGone();
    assertThat(application(SECOND).read("SELECT id FROM shop_eu.orders")).containsExactly("1");
  }

  @Test
  @Order(4)
  void whatIsDeletedIsDroppedWhereThatIsDeclared() throws SQLException {
    declare(", deletionPolicy: Delete");
    awaitReady();

    cluster.delete("DatabaseUser", "app");
    cluster.delete("Database", "shop");

    awaitGone();
    assertThatThrownBy(() -> application(SECOND).read("SELECT 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("denied");
    assertThat(set.readwrite().read("SHOW DATABASES")).doesNotContain("shop_eu");
  }

  private void password(String value) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: applications}
        stringData:
          app: '%s'
        """
            .formatted(value.replace("'", "''")));
  }

  private void declare(String more) {
    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Database
        metadata: {name: shop}
        spec: {unitSet: %1$s, name: shop_eu, options: {collation: utf8mb4_bin}%2$s}
        ---
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: DatabaseUser
        metadata: {name: app}
        spec:
          {unitSet: %1$s, secretRef: {name: applications, key: app},
           grants: [{database: shop_eu, privileges: [CREATE, SELECT, INSERT]}]%2$s}
        """
            .formatted(SET, more));
  }

  private void awaitReady() {
    cluster.await(
        "declared and there",
        () ->
            cluster.is("Database", "shop", "Ready") && cluster.is("DatabaseUser", "app", "Ready"));
  }

  private void awaitGone() {
    cluster.await(
        "objects gone",
        () ->
            cluster.find("Database", "shop").isEmpty()
                && cluster.find("DatabaseUser", "app").isEmpty());
  }

  private GenericKubernetesResource user() {
    return cluster.find("DatabaseUser", "app").orElseThrow();
  }

  private Database application(String password) {
    return set.readwrite().as("app", password);
  }

  /** Logs in again and again until it is refused. */
  private final class Logins implements AutoCloseable {
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<String> refusal = new AtomicReference<>("");
    private final Thread thread;
    private volatile boolean ended;

    Logins(Database database) {
      thread = Thread.ofVirtual().start(() -> logIn(database));
      awaitMore(1);
    }

    private void logIn(Database database) {
      while (!ended && refusal.get().isEmpty()) {
        try {
          database.read("SELECT 1");
          count.incrementAndGet();
        } catch (SQLException e) {
          refusal.set(e.toString());
        }
      }
    }

    void awaitMore(int logins) {
      int wanted = count.get() + logins;
      cluster.await("logins", () -> count.get() >= wanted || !refusal.get().isEmpty());
    }

    /** What the server said, or nothing. */
    String refusal() {
      return refusal.get();
    }

    @Override
    public void close() {
      ended = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
