package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is proven by restoring it, and a set that begins with it by its name. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupTrialIT {
  private static final String SET = "proven";
  private static final String UNIT = SET + "-0";
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String SUM = "SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(text))) FROM shop.t";

  @TempDir private static Path directory;
  private Cluster cluster;
  private HostStore store;

  @BeforeAll
  void open() throws Exception {
    cluster = Cluster.inNamespace("acceptance-trial");
    store =
        HostStore.start(
            URI.create(cluster.client.getConfiguration().getMasterUrl()).getHost(), directory);
    cluster.apply(HostStore.secret("store", KEY));
    cluster.apply(Manifests.secret(SET + "-secret"));
    cluster.apply(alone(SET));
    cluster.awaitReady(SET, 1);
    Database.ofUnit(cluster, UNIT)
        .execute(
            "CREATE DATABASE shop",
            "CREATE TABLE shop.t (id INT PRIMARY KEY AUTO_INCREMENT, text CHAR(100), KEY (text))",
            "INSERT INTO shop.t (text) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1"
                + " FROM n WHERE i < 1000) SELECT UUID() FROM n");
  }

  @AfterAll
  void remove() {
    if (store != null) {
      store.close();
    }
    cluster.close();
  }

  @Test
  void isRestoredForTrialAndBeginsASetByItsName() throws SQLException {
    String sum = Database.ofUnit(cluster, UNIT).read(SUM).getFirst();
    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Backup
        metadata: {name: nightly}
        spec:
          unitSet: %s
          type: mysql
          action: logical-backup
          secretRef: {name: store}
          parameters: {destination: "s3://%s/mysql", endpoint: "%s", encryption: AES256}
          verify: {}
        """
            .formatted(SET, HostStore.BUCKET, store.endpoint()));

    cluster.await(
        "its trial ends",
        () ->
            cluster
                .find("Backup", "nightly")
                .filter(one -> !Cluster.condition(one, "Verified", "status").isEmpty())
                .isPresent());

    GenericKubernetesResource backup = cluster.find("Backup", "nightly").orElseThrow();
    Object trial = Cluster.at(backup, "status", "trial");
    assertThat(Cluster.condition(backup, "Verified", "status")).as("%s", trial).isEqualTo("True");
    assertThat(Cluster.at(backup, "status", "trial", "checked", "rows")).isEqualTo("1000");
    assertThat(Cluster.at(backup, "status", "trial", "checked", "tables")).isEqualTo("1");
    assertThat(Cluster.at(backup, "status", "trial", "restoreSeconds")).isNotNull();
    assertThat(cluster.list("UnitSet"))
        .extracting(set -> set.getMetadata().getName())
        .containsExactly(SET);
    assertThat(
            cluster
                .client
                .persistentVolumeClaims()
                .inNamespace(cluster.namespace)
                .list()
                .getItems())
        .extracting(claim -> claim.getMetadata().getName())
        .allMatch(name -> name.startsWith(UNIT));

    cluster.apply(Manifests.secret("copied-secret"));
    cluster.apply(
        alone("copied").replaceFirst("\nspec:\n", "\nspec:\n  restoreFrom: {backup: nightly}\n"));

    cluster.awaitReady("copied", 1);
    assertThat(Database.ofUnit(cluster, "copied-0").read(SUM)).containsExactly(sum);
  }

  private static String alone(String name) {
    return Manifests.file("unitset.yaml", "name", name, "version", "8.0.33", "units", "1")
        .replaceFirst("(?s)  topology:.*", "");
  }
}
