package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.backup.BinlogBackup;
import io.upm.plugin.mysql.backup.DiscardBackup;
import io.upm.plugin.mysql.backup.LogicalBackup;
import io.upm.plugin.mysql.backup.Restore;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Archived binary logs of a real server, and what comes back of them. */
class PointInTimeIT {
  private static final String ROWS = "SELECT COALESCE(GROUP_CONCAT(n ORDER BY n), '') FROM shop.t";
  private static final String GTIDS = "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')";
  private static final String NOW = "SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')";

  private Unit unit;
  private FolderStore store;

  static List<String> images() {
    return Images.all();
  }

  @ParameterizedTest
  @MethodSource("images")
  void everyRowUpToTheMomentIsThereAndNothingAfter(String image) throws Exception {
    try (Unit made = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      unit = made;
      store = new FolderStore(made.box());
      assertThatThrownBy(this::archive)
          .hasMessageContaining("take a logical-backup or physical-backup first");
      unit.run("CREATE DATABASE shop");
      unit.run("CREATE TABLE shop.t (n INT PRIMARY KEY, what LONGTEXT)");
      write(1, 2);
      String full =
          new LogicalBackup(InstantSource.system())
              .run(
                  new LogicalBackup.Wanted(
                      "s3://backups/", null, null, "none", null, null, null, null),
                  context())
              .values()
              .get("backup");
      write(3, 4);
      ActionResult first = archive();
      write(5, 6);
      unit.run("CREATE USER app@'%' IDENTIFIED BY 'a password of an application'");
      unit.run("GRANT SELECT ON shop.* TO app@'%'");
      unit.run("FLUSH BINARY LOGS");
      write(7, 8);
      String afterEight = unit.value(GTIDS);
      archive();
      write(9, 10);
      String moment = unit.value(NOW);
      String atMoment = unit.value(GTIDS);
      unit.run("DROP TABLE shop.t");
      unit.run("CREATE TABLE shop.later (n INT)");
      ActionResult last = archive();
      ActionResult nothingNew = archive();

      assertThat(first.values()).containsEntry("base", full).containsKey("recoverableFrom");
      assertThat(last.message()).startsWith("4 transactions are archived");
      assertThat(nothingNew.message()).startsWith("0 transactions are archived");
      refusals(full);
      assertThatThrownBy(() -> discard(full))
          .hasMessageContaining(first.values().get("backup") + " goes on from it");

      restore(full, moment);
      assertThat(unit.value(ROWS)).isEqualTo("1,2,3,4,5,6,7,8,9,10");
      assertThat(unit.value("SELECT COUNT(*) FROM shop.t WHERE what = 'naïve 🦆 \r\n'"))
          .isEqualTo("10");
      assertThat(unit.value(GTIDS)).isEqualTo(atMoment);
      assertThat(unit.rows("SHOW TABLES FROM shop")).hasSize(1);
      assertThat(unit.rows("SHOW GRANTS FOR app@'%'")).hasSize(2);
      assertThat(unit.rows("SELECT user FROM mysql.user WHERE user LIKE 'upm%'")).isEmpty();

      damaged(full, last.values().get("backup"));

      restore(full, afterEight.replaceAll(":1-", ":"));
      assertThat(unit.value(ROWS)).isEqualTo("1,2,3,4,5,6,7,8");
      assertThat(unit.value(GTIDS)).isEqualTo(afterEight);

      write(20, 21);
      assertThatThrownBy(this::archive).hasMessageContaining("its history is another one");
      gap();
    }
  }

  private void refusals(String full) {
    for (String until : List.of("2020-01-01T00:00:00Z", "2999-01-01T00:00:00+01:00", "nonsense")) {
      assertThatThrownBy(() -> restoreOnly(full, until))
          .hasMessageStartingWith("spec.parameters.until: \"%s\" is not allowed: ".formatted(until))
          .hasMessageContaining("a time ");
    }
    assertThatThrownBy(() -> restoreOnly(full, "3e11fa47-71ca-11e1-9e33-c80aa9429562:1"))
        .hasMessageContaining("or a transaction of ");
    assertThat(unit.value("SELECT COUNT(*) FROM shop.later")).isEqualTo("0");
  }

  private void damaged(String full, String link) throws IOException {
    String key =
        store.list(link.substring("s3://backups/".length())).stream()
            .filter(one -> one.contains("binlog."))
            .findFirst()
            .orElseThrow();
    Path file = store.file(key);
    byte[] content = Files.readAllBytes(file);
    byte[] spoilt = content.clone();
    spoilt[content.length / 2] ^= 1;
    String executed = unit.value(GTIDS);
    String end =
        store
            .manifest(key.substring(0, key.lastIndexOf('/') + 1))
            .orElseThrow()
            .position()
            .get("recoverableUntil");
    unit.stop();
    Files.write(file, spoilt);
    assertThatThrownBy(() -> restoreOnly(full, end)).hasMessageContaining("damaged");
    Files.delete(file);
    assertThatThrownBy(() -> restoreOnly(full, end)).hasMessageContaining("is missing");
    Files.write(file, content);
    unit.start();
    assertThat(unit.value(GTIDS)).isEqualTo(executed);
  }

  private void gap() {
    new LogicalBackup(InstantSource.system())
        .run(
            new LogicalBackup.Wanted("s3://backups/", null, null, "none", null, null, null, null),
            context());
    write(30, 31);
    unit.run("FLUSH BINARY LOGS");
    List<Map<String, String>> files = unit.rows("SHOW BINARY LOGS");
    unit.run("PURGE BINARY LOGS TO '%s'".formatted(files.getLast().get("log_name")));
    assertThatThrownBy(this::archive).hasMessageContaining("any more, which is not archived");
  }

  private void write(int from, int to) {
    for (int n = from; n <= to; n++) {
      unit.run("INSERT INTO shop.t VALUES (%d, 'naïve 🦆 \\r\\n')".formatted(n));
    }
  }

  private ActionResult archive() {
    return new BinlogBackup(InstantSource.system())
        .run(new BinlogBackup.Wanted("s3://backups/", null, null, "none", null), context());
  }

  private void discard(String place) {
    new DiscardBackup().run(new DiscardBackup.Wanted(place, null, null), context());
  }

  private void restore(String full, String until) throws IOException {
    unit.stop();
    restoreOnly(full, until);
    unit.lifecycle().initialize(unit.instance());
    unit.start();
  }

  private ActionResult restoreOnly(String full, String until) {
    return new Restore(InstantSource.system())
        .run(new Restore.Wanted(full, null, null, "true", until), context());
  }

  private ActionContext context() {
    return new StoreContext(unit, store);
  }
}
