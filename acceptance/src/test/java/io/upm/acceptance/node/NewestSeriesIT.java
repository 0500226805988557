package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The newest series that can run here, asynchronously replicated, with passwords that the former
 * operator encrypted.
 */
@Tag("side-by-side")
class NewestSeriesIT {
  private static final String SET = "newest";

  @Test
  void replicatesAndKeepsEveryRow() throws SQLException {
    try (var cluster = Cluster.inNamespace("acceptance-newest")) {
      cluster.apply(Manifests.encryptedSecret(SET + "-secret", "aes-secret-key"));
      cluster.apply(
          Manifests.file(
                  "unitset.yaml",
                  "name",
                  SET,
                  "version",
                  System.getenv().getOrDefault("UPM_MYSQL_NEWEST", "9.7.0"),
                  "units",
                  "2",
                  "mode",
                  "rpl_async")
              .replace(
                  "mountPath: /SECRET_MOUNT}",
                  "mountPath: /SECRET_MOUNT,"
                      + " cipher: {name: aes-secret-key, key: AES_SECRET_KEY}}"));
      cluster.awaitReady(SET, 2);
      var readwrite = Database.ofService(cluster, SET + "-readwrite");
      try (var writer = NumberedWriter.start(readwrite)) {
        cluster.await("100 rows", () -> writer.acknowledgedSoFar() >= 100);
        Set<Long> acknowledged = writer.stop();
        var replica = Database.ofService(cluster, SET + "-readonly");
        NumberedWriter.awaitRows(cluster, replica, acknowledged);
        assertThat(replica.read("SELECT VERSION()").getFirst()).startsWith("9.");
      }
    }
  }
}
