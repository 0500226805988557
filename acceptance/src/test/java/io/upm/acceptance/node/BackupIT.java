package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server's data in a real store, and back. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupIT {
  private static final String SET = "kept";
  private static final String UNIT = SET + "-0";
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String OTHER_KEY = "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String EMOJI = "naïve 🦆 '\\\" x";
  private static final String SUMS =
      "SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(name)), SUM(CRC32(picture))) FROM shop.items";

  @TempDir private static Path directory;
  private Cluster cluster;
  private Calls calls;
  private HostStore store;
  private Map<?, ?> backup;
  private String sums;

  @BeforeAll
  void backUp() throws Exception {
    cluster = Cluster.inNamespace("acceptance-backup");
    calls = new Calls(cluster, "mysql");
    store =
        HostStore.start(
            URI.create(cluster.client.getConfiguration().getMasterUrl()).getHost(), directory);
    cluster.apply(Manifests.secret(SET + "-secret"));
    cluster.apply(HostStore.secret("store", KEY));
    cluster.apply(HostStore.secret("other", OTHER_KEY));
    cluster.apply(
        Manifests.file("unitset.yaml", "name", SET, "version", "8.0.33", "units", "1")
            // Alone, it has none.
            .replaceFirst("(?s)  topology:.*", ""));
    cluster.awaitReady(SET, 1);
    fill();
    var going = new AtomicBoolean(true);
    Thread writer = Thread.ofVirtual().start(() -> write(going));
    GenericKubernetesResource call =
        calls.run(
            "backup",
            UNIT,
            "logical-backup",
            "store",
            "destination: \"s3://%s/mysql\", endpoint: \"%s\", encryption: AES256"
                .formatted(HostStore.BUCKET, store.endpoint()));
    going.set(false);
    writer.join();
    assertThat(Cluster.at(call, "status", "phase"))
        .as("%s", Cluster.at(call, "status", "message"))
        .isEqualTo("Succeeded");
    backup = (Map<?, ?>) Cluster.at(call, "status", "values");
  }

  @AfterAll
  void remove() {
    if (store != null) {
      store.close();
    }
    cluster.close();
  }

  @Test
  void itIsWholeAndTellsWhatItIs() throws IOException {
    assertThat(backup.get("gtidExecuted")).asString().matches("[0-9a-f-]{36}:1-\\d+");
    assertThat(backup.get("backup"))
        .asString()
        .matches("s3://backups/mysql/acceptance-backup/kept/\\d{8}T\\d{6}Z-kept-0/");
    assertThat(Files.readString(store.file(place(), "manifest.json")))
        .contains("\"version\" : \"8.0.33\"", "\"gtidExecuted\"", "\"sha256\"")
        .doesNotContain(KEY, HostStore.SECRET_KEY);

    GenericKubernetesResource verified = calls.run("verify", UNIT, "verify", "store", source());

    assertThat(Cluster.at(verified, "status", "phase")).isEqualTo("Succeeded");
    assertThat(Cluster.at(verified, "status", "progress", "percent")).isEqualTo(100);
  }

  @Test
  void everythingComesBackAsItWasAtOneMoment() throws SQLException {
    Database database = Database.ofUnit(cluster, UNIT);
    database.execute("DROP DATABASE shop", "DROP USER app@'%'", "CREATE DATABASE later");

    stop();
    GenericKubernetesResource call =
        calls.run("restore", UNIT, "restore", "store", source() + ", overwrite: \"true\"");

    assertThat(Cluster.at(call, "status", "phase"))
        .as("%s", Cluster.at(call, "status", "message"))
        .isEqualTo("Succeeded");
    start();
    Database restored = Database.ofUnit(cluster, UNIT);
    assertThat(restored.read(SUMS)).containsExactly(sums);
    assertThat(restored.read("SELECT name FROM shop.items WHERE id = 1")).containsExactly(EMOJI);
    assertThat(restored.read("SELECT shop.twice(21)")).containsExactly("42");
    assertThat(restored.read("SHOW DATABASES")).contains("shop").doesNotContain("later");
    assertThat(restored.read("SHOW GRANTS FOR app@'%'"))
        .contains("GRANT SELECT ON `shop`.* TO `app`@`%`");
    // Written in one transaction, while the backup was made.
    assertThat(restored.read("SELECT MAX(n) FROM shop.one"))
        .doesNotContainNull()
        .isEqualTo(restored.read("SELECT MAX(n) FROM shop.two"));
    assertThat(restored.read("SELECT @@GLOBAL.gtid_executed").getFirst().replace("\n", ""))
        .as("the history goes on where the backup was made")
        .startsWith(String.valueOf(backup.get("gtidExecuted")));

    GenericKubernetesResource discarded =
        calls.run("discard", UNIT, "discard-replaced", "store", "");
    assertThat(Cluster.at(discarded, "status", "message"))
        .asString()
        .startsWith("deleted replaced-");
  }

  /**
   * The first is as of a former schedule of that name, so that one time of a schedule is enough.
   */
  @Test
  void aScheduleMakesABackupAndRemovesTheOneBeforeFromTheStore() {
    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Backup
        metadata: {name: minutely-first, labels: {upm.io/backup-schedule: minutely}}
        spec: %s
        """
            .formatted(wanted()));
    String first = awaitBackup("minutely-first");
    assertThat(store.file(first, "manifest.json")).exists();

    cluster.apply(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: BackupSchedule
        metadata: {name: minutely}
        spec: {schedule: "* * * * *", retention: {keepLast: 1}, backup: %s}
        """
            .formatted(wanted()));

    cluster.await("the first is removed", () -> cluster.find("Backup", "minutely-first").isEmpty());
    assertThat(store.file(first, "manifest.json")).doesNotExist();
    assertThat(store.file(first, "data.sql")).doesNotExist();
    cluster.delete("BackupSchedule", "minutely");
    String kept =
        String.valueOf(
            Cluster.at(
                cluster.list("Backup").stream()
                    .filter(one -> "Succeeded".equals(Cluster.at(one, "status", "phase")))
                    .findFirst()
                    .orElseThrow(),
                "status",
                "location"));
    assertThat(store.file(kept, "manifest.json")).exists();
    assertThat(store.file(place(), "manifest.json")).as("what it did not make").exists();
  }

  /** Right before a table was dropped, with all that was acknowledged until then. */
  @Test
  void whatWasWrittenUntilAMistakeComesBack() throws SQLException {
    Database database = Database.ofUnit(cluster, UNIT);
    String options =
        "destination: \"s3://%s/in-time\", endpoint: \"%s\", encryption: AES256"
            .formatted(HostStore.BUCKET, store.endpoint());
    database.execute("CREATE DATABASE time", "CREATE TABLE time.lost (n INT PRIMARY KEY)");
    String full = keep("full", "logical-backup", options);
    for (int batch = 0; batch < 3; batch++) {
      for (int n = 0; n < 100; n++) {
        database.execute("INSERT INTO time.lost VALUES (%d)".formatted(100 * batch + n));
      }
      keep("log-" + batch, "binlog-backup", options);
    }
    database.execute("INSERT INTO time.lost VALUES (1000)");
    String moment =
        database.read("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')").getFirst();
    database.execute("DROP TABLE time.lost", "CREATE TABLE time.later (n INT)");
    keep("log-last", "binlog-backup", options);

    stop();
    GenericKubernetesResource call =
        calls.run(
            "in-time",
            UNIT,
            "restore",
            "store",
            "source: \"%s\", endpoint: \"%s\", overwrite: \"true\", until: \"%s\""
                .formatted(full, store.endpoint(), moment));
    start();

    assertThat(Cluster.at(call, "status", "phase"))
        .as("%s", Cluster.at(call, "status", "message"))
        .isEqualTo("Succeeded");
    Database restored = Database.ofUnit(cluster, UNIT);
    assertThat(restored.read("SELECT COUNT(*) FROM time.lost")).containsExactly("301");
    assertThat(restored.read("SHOW TABLES FROM time")).containsExactly("lost");
  }

  @Test
  void aNewSetBeginsWithItAndReplicatesFromThere() throws SQLException {
    cluster.apply(Manifests.secret("reborn-secret"));
    cluster.apply(
        Manifests.file(
                "unitset.yaml",
                "name",
                "reborn",
                "version",
                "8.0.33",
                "units",
                "3",
                "mode",
                "rpl_async")
            .replaceFirst(
                "\nspec:\n",
                "\nspec:\n  restoreFrom: {secretRef: {name: store}, parameters: {%s}}\n"
                    .formatted(source())));

    cluster.awaitReady("reborn", 3);

    for (String unit : List.of("reborn-0", "reborn-1", "reborn-2")) {
      assertThat(Database.ofUnit(cluster, unit).read(SUMS)).as(unit).containsExactly(sums);
    }
    Database.ofUnit(cluster, "reborn-0").execute("CREATE DATABASE later");
    for (String replica : List.of("reborn-1", "reborn-2")) {
      await()
          .untilAsserted(() ->
              assertThat(Database.ofUnit(cluster, replica).read("SHOW DATABASES"))
                  .contains("later"));
    }
    assertThat(cluster.list("GrpcCall"))
        .filteredOn(call -> call.getMetadata().getName().startsWith("reborn-"))
        .hasSize(3)
        .allSatisfy(call -> assertThat(Cluster.at(call, "status", "phase")).isEqualTo("Succeeded"));
    cluster.delete("UnitSet", "reborn");
  }

  @Test
  void oneDatabaseComesBackWhileTheServerServes() throws SQLException {
    Database database = Database.ofUnit(cluster, UNIT);
    database.execute(
        "CREATE DATABASE single",
        "CREATE TABLE single.t (n INT PRIMARY KEY, b BLOB)",
        "INSERT INTO single.t VALUES (1, 0x00FF), (2, 0x27)");
    String place =
        keep(
            "single",
            "logical-backup",
            "database: single, destination: \"s3://%s/single\", endpoint: \"%s\", encryption: AES256"
                .formatted(HostStore.BUCKET, store.endpoint()));
    database.execute("DELETE FROM single.t");
    String source = "source: \"%s\", endpoint: \"%s\"".formatted(place, store.endpoint());

    GenericKubernetesResource refused =
        calls.run("single-over", UNIT, "restore-database", "store", source);
    GenericKubernetesResource beside =
        calls.run(
            "single-beside",
            UNIT,
            "restore-database",
            "store",
            source + ", targetDatabase: single_before");

    assertThat(Cluster.at(refused, "status", "message"))
        .asString()
        .contains("the name of a database that isn't there or is empty");
    assertThat(Cluster.at(beside, "status", "message"))
        .isEqualTo("backup %s is restored as database single_before".formatted(place));
    assertThat(database.read("SELECT HEX(b) FROM single_before.t ORDER BY n"))
        .containsExactly("00FF", "27");
    assertThat(database.read("SELECT COUNT(*) FROM single.t")).containsExactly("0");
    assertThat(cluster.exec(UNIT, "mysql", "ls", "-a", "/run/upm"))
        .as("the file that the client logged in with")
        .doesNotContain(".cnf");
  }

  private String keep(String name, String action, String options) {
    GenericKubernetesResource call = calls.run("kept-" + name, UNIT, action, "store", options);
    assertThat(Cluster.at(call, "status", "phase"))
        .as("%s", Cluster.at(call, "status", "message"))
        .isEqualTo("Succeeded");
    return String.valueOf(Cluster.at(call, "status", "values", "backup"));
  }

  @Test
  void whatIsDamagedOrOfAnotherKeyIsNotRestoredAndNothingIsTouched() throws Exception {
    Database database = Database.ofUnit(cluster, UNIT);
    database.execute("CREATE DATABASE IF NOT EXISTS untouched");
    Path data = store.file(place(), "data.sql");
    byte[] content = Files.readAllBytes(data);
    byte[] spoilt = content.clone();
    spoilt[content.length / 2] ^= 1;

    GenericKubernetesResource other = calls.run("other-key", UNIT, "verify", "other", source());
    stop();
    Files.write(data, spoilt);
    GenericKubernetesResource damaged =
        calls.run("damaged", UNIT, "restore", "store", source() + ", overwrite: \"true\"");
    Files.write(data, content);
    start();

    assertThat(Cluster.at(other, "status", "message"))
        .asString()
        .contains("encryptionKey of the Secret is");
    assertThat(Cluster.at(damaged, "status", "phase")).isEqualTo("Failed");
    assertThat(Cluster.at(damaged, "status", "message")).asString().contains("damaged");
    assertThat(Database.ofUnit(cluster, UNIT).read("SHOW DATABASES")).contains("untouched");
    assertThat(cluster.exec(UNIT, "mysql", "ls", "-a", "/DATA_MOUNT"))
        .as("nothing is left of the attempt")
        .doesNotContain(".restore-");
  }

  @Test
  void whatIsMissingOrWrongIsSaidInOneSentence() {
    for (Map.Entry<String, String> one :
        Map.of(
                "destination: \"ftp://x\"",
                "spec.parameters.destination: \"ftp://x\" is not allowed: a place such as"
                    + " s3://bucket/folder/",
                "destination: \"s3://backups/x\", compression: bzip2",
                "spec.parameters.compression: \"bzip2\" is not allowed: zstd, gzip or none",
                "destination: \"s3://no-such-bucket/x\", endpoint: \"%s\""
                    .formatted(store.endpoint()),
                "s3://no-such-bucket/x/")
            .entrySet()) {
      String name = "wrong-" + Integer.toHexString(one.getKey().hashCode());

      GenericKubernetesResource call =
          calls.run(name, UNIT, "logical-backup", "store", one.getKey());

      assertThat(Cluster.at(call, "status", "phase")).isEqualTo("Failed");
      assertThat(Cluster.at(call, "status", "message")).asString().startsWith(one.getValue());
    }
  }

  private void fill() throws SQLException {
    Database database = Database.ofUnit(cluster, UNIT);
    database.execute(
        "CREATE DATABASE shop",
        "CREATE TABLE shop.items (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100),"
            + " picture BLOB)",
        "INSERT INTO shop.items (name, picture) VALUES ('"
            + EMOJI.replace("\\", "\\\\").replace("'", "''")
            + "', RANDOM_BYTES(500))",
        "CREATE FUNCTION shop.twice(n INT) RETURNS INT DETERMINISTIC RETURN 2 * n",
        "CREATE TABLE shop.one (n INT)",
        "CREATE TABLE shop.two (n INT)",
        "CREATE USER app@'%' IDENTIFIED BY 'a password of an application'",
        "GRANT SELECT ON shop.* TO app@'%'");
    for (int round = 0; round < 14; round++) {
      database.execute(
          "INSERT INTO shop.items (name, picture) SELECT CONCAT(name, id), RANDOM_BYTES(500)"
              + " FROM shop.items");
    }
    sums = database.read(SUMS).getFirst();
  }

  /** The same number into two tables, each time in one transaction. */
  private void write(AtomicBoolean going) {
    Database database = Database.ofUnit(cluster, UNIT);
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int number = 0; going.get(); number++) {
        statement.execute("INSERT INTO shop.one VALUES (%d)".formatted(number));
        statement.execute("INSERT INTO shop.two VALUES (%d)".formatted(number));
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String wanted() {
    return """
    {unitSet: %s, type: mysql, action: logical-backup, secretRef: {name: store}, \
    parameters: {destination: "s3://%s/scheduled", endpoint: "%s", encryption: AES256}}\
    """
        .formatted(SET, HostStore.BUCKET, store.endpoint());
  }

  /** Returns where it is. */
  private String awaitBackup(String name) {
    cluster.await(
        name + " ends",
        () ->
            Cluster.at(cluster.find("Backup", name).orElseThrow(), "status", "completionTime")
                != null);
    GenericKubernetesResource made = cluster.find("Backup", name).orElseThrow();
    assertThat(Cluster.at(made, "status", "phase"))
        .as("%s", Cluster.at(made, "status", "message"))
        .isEqualTo("Succeeded");
    assertThat(Cluster.at(made, "status", "engineVersion")).isEqualTo("8.0.33");
    assertThat(Cluster.at(made, "status", "values", "gtidExecuted")).asString().contains(":1-");
    return String.valueOf(Cluster.at(made, "status", "location"));
  }

  private void stop() {
    cluster.edit("Unit", UNIT, spec -> spec.put("startup", false));
  }

  private void start() {
    cluster.edit("Unit", UNIT, spec -> spec.put("startup", true));
    cluster.awaitReady(SET, 1);
  }

  private String place() {
    return String.valueOf(backup.get("backup"));
  }

  private String source() {
    return "source: \"%s\", endpoint: \"%s\"".formatted(place(), store.endpoint());
  }
}
