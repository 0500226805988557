package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.backup.LogicalBackup;
import io.upm.plugin.mysql.backup.Restore;
import io.upm.plugin.mysql.backup.RestoreDatabase;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One database of a real server, and what comes back of it while that serves. */
class DatabaseBackupIT {
  private static final String WHAT = "naïve 🦆 \\r\\n";
  private static final String EVENTS =
      "SELECT GROUP_CONCAT(status) FROM information_schema.events WHERE event_schema = '%s'";
  private static final String DATABASES =
      "SELECT GROUP_CONCAT(schema_name ORDER BY schema_name) FROM information_schema.schemata"
          + " WHERE schema_name LIKE 'shop%'";

  private Unit unit;
  private FolderStore store;

  /** Places have their names from the time, to the second. */
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");

  static List<String> images() {
    return Images.all();
  }

  @ParameterizedTest
  @MethodSource("images")
  void allOfItComesBackAndNothingIsOverwritten(String image) throws Exception {
    try (Unit made = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      unit = made;
      store = new FolderStore(made.box());
      fill();
      ActionResult whole = backUp(null, "shop", null);
      ActionResult table = backUp("table", "shop", List.of("t"));
      String full = place(backUp(null, null, null));
      assertThat(whole.values())
          .containsEntry("database", "shop")
          .containsEntry("characterSet", "latin1")
          .containsKey("binaryLogFile")
          .doesNotContainKeys("gtidExecuted", "tables");
      assertThat(table.values()).containsEntry("tables", "1");

      wrongBackups();
      assertThatThrownBy(() -> restore(place(whole), null))
          .hasMessageContaining("spec.parameters.targetDatabase: \"shop\" is not allowed: ")
          .hasMessageContaining("there are 5 tables, routines and events in that one");
      assertThatThrownBy(() -> restore(full, null))
          .hasMessageContaining("a logical-backup with the parameter database of MySQL");
      assertThatThrownBy(() ->
              new Restore(InstantSource.system())
                  .run(new Restore.Wanted(place(whole), null, null, "true", null), context()))
          .hasMessageContaining("a full logical-backup or physical-backup of MySQL");

      ActionResult copied = restore(place(whole), "shop_copy");
      assertThat(copied.message()).endsWith("as those of the first one may run: nightly");
      isThere("shop_copy");
      assertThat(unit.value(EVENTS.formatted("shop_copy"))).isEqualTo("DISABLED");
      assertThat(unit.value(EVENTS.formatted("shop"))).isEqualTo("ENABLED");

      String before = unit.value("SELECT @@GLOBAL.gtid_executed");
      restore(place(table), "shop_table");
      assertThat(unit.rows("SHOW FULL TABLES FROM shop_table")).hasSize(1);
      assertThat(unit.value("SELECT GTID_SUBSET(@@GLOBAL.gtid_executed, '%s')".formatted(before)))
          .as("replicas get it, too")
          .isEqualTo("0");

      unit.run("DROP DATABASE shop");
      damaged(place(whole));
      restore(place(whole), null);
      isThere("shop");
      assertThat(unit.value(EVENTS.formatted("shop"))).isEqualTo("ENABLED");

      unit.run("SET GLOBAL super_read_only = ON");
      assertThatThrownBy(() -> restore(place(whole), "shop_later"))
          .hasMessageContaining("takes no writes");
    }
  }

  private void fill() {
    unit.run("CREATE DATABASE shop CHARACTER SET latin1 COLLATE latin1_german1_ci");
    unit.run("CREATE TABLE shop.t (n INT PRIMARY KEY, what TEXT CHARACTER SET utf8mb4, b BLOB)");
    unit.run("CREATE TABLE shop.history (n INT)");
    unit.run(
        "CREATE TRIGGER shop.remember AFTER INSERT ON shop.t FOR EACH ROW"
            + " INSERT INTO history VALUES (NEW.n)");
    unit.run("INSERT INTO shop.t VALUES (1, '%s', 0x00FF), (2, '%s', 0x27)".formatted(WHAT, WHAT));
    unit.run("CREATE VIEW shop.large AS SELECT n FROM shop.t WHERE n > 1");
    unit.run("CREATE PROCEDURE shop.nothing() BEGIN SELECT 1; SELECT 2; END");
    unit.run(
        "CREATE EVENT shop.nightly ON SCHEDULE EVERY 1 DAY STARTS '2999-01-01 00:00:00' DO"
            + " DELETE FROM history");
    unit.run("CREATE DATABASE other");
    unit.run("CREATE TABLE other.t (n INT)");
  }

  private void isThere(String database) {
    assertThat(
            unit.value(
                "SELECT COUNT(*) FROM %s.t WHERE what = '%s' AND b IN (0x00FF, 0x27)"
                    .formatted(database, WHAT)))
        .isEqualTo("2");
    assertThat(unit.value("SELECT GROUP_CONCAT(n) FROM %s.large".formatted(database)))
        .isEqualTo("2");
    assertThat(unit.value("SELECT COUNT(*) FROM %s.history".formatted(database))).isEqualTo("2");
    unit.run("INSERT INTO %s.t VALUES (3, 'x', '')".formatted(database));
    assertThat(unit.value("SELECT COUNT(*) FROM %s.history".formatted(database)))
        .as("rows that its trigger wrote")
        .isEqualTo("3");
    unit.run("CALL %s.nothing()".formatted(database));
    assertThat(
            unit.value(
                "SELECT default_collation_name FROM information_schema.schemata"
                    + " WHERE schema_name = '%s'".formatted(database)))
        .isEqualTo("latin1_german1_ci");
  }

  private void wrongBackups() {
    wrong(null, "nowhere", null, "spec.parameters.database: \"nowhere\" is not allowed: ");
    wrong(null, "mysql", null, "a database that isn't the server's own");
    wrong(null, "shop", List.of("t", "away"), "spec.parameters.tables: \"away\" is not allowed: ");
    wrong(null, null, List.of("t"), "the database that the tables are in");
    wrong("database", null, null, "spec.parameters.backupType: \"database\" is not allowed: ");
    wrong("incremental", null, null, "binlog-backup");
    wrong("full", "shop", null, "is not allowed: database, as there are no tables given");
  }

  private void wrong(
      @Nullable String type,
      @Nullable String database,
      @Nullable List<String> tables,
      String says) {
    assertThatThrownBy(() -> backUp(type, database, tables)).hasMessageContaining(says);
  }

  private void damaged(String place) throws IOException {
    Path file = store.file(place.substring("s3://backups/".length()) + "data.sql");
    byte[] content = Files.readAllBytes(file);
    byte[] spoilt = content.clone();
    spoilt[content.length - 1] ^= 1;
    Files.write(file, spoilt);
    assertThatThrownBy(() -> restore(place, null)).hasMessageContaining("damaged");
    assertThat(unit.value(DATABASES)).isEqualTo("shop_copy,shop_table");
    unit.run("CREATE DATABASE shop_empty");
    assertThatThrownBy(() -> restore(place, "shop_empty"))
        .hasMessageContaining("is in database shop_empty: drop it before the next attempt");
    Files.write(file, content);
  }

  private ActionResult backUp(
      @Nullable String type, @Nullable String database, @Nullable List<String> tables) {
    now = now.plusSeconds(1);
    return new LogicalBackup(InstantSource.fixed(now))
        .run(
            new LogicalBackup.Wanted(
                "s3://backups/", null, null, "none", null, type, database, tables),
            context());
  }

  private static String place(ActionResult backup) {
    return backup.values().get("backup");
  }

  private ActionResult restore(String place, @Nullable String target) {
    return new RestoreDatabase()
        .run(new RestoreDatabase.Wanted(place, null, null, target), context());
  }

  private ActionContext context() {
    return new StoreContext(unit, store);
  }
}
