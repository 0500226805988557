package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.backup.BinlogBackup;
import io.upm.plugin.mysql.backup.DiscardBackup;
import io.upm.plugin.mysql.backup.PhysicalBackup;
import io.upm.plugin.mysql.backup.Restore;
import io.upm.plugin.mysql.backup.RestoreDatabase;
import io.upm.plugin.mysql.backup.Verify;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionResult;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of a real server's files in a real S3 store, and servers that are made of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhysicalBackupIT {
  private static final String GTIDS = "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')";
  private static final String UUID = "SELECT @@server_uuid";
  private static final String ROWS = "SELECT COUNT(*) FROM shop.t";

  @TempDir private static Path directory;
  private S3Server server;

  @BeforeAll
  void start() {
    server = new S3Server(directory);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  static List<String> images() {
    return Images.all();
  }

  static List<String> oldest() {
    return List.of(Images.all().getFirst());
  }

  static List<String> newest() {
    return List.of(Images.all().getLast());
  }

  @ParameterizedTest
  @MethodSource("images")
  void holdsExactlyTheTransactionsThatItSaysAndComesBackWithThem(String image) throws Exception {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      fill(unit);
      GtidSet before = GtidSet.parse(unit.value(GTIDS));
      String uuid = unit.value(UUID);
      ActionResult backup;
      try (var load = new Load(unit)) {
        load.awaitRows(50);
        backup = backUp(unit, "AES256");
        load.awaitRows(50);
      }
      String place = backup.values().get("backup");
      GtidSet least = GtidSet.parse(backup.values().get("gtidExecuted"));
      GtidSet most = GtidSet.parse(backup.values().get("gtidAtEnd"));
      assertThat(least.minus(before).count()).as("written before its moment").isGreaterThan(50);
      assertThat(GtidSet.parse(unit.value(GTIDS)).minus(most).count())
          .as("written after it")
          .isGreaterThan(50);
      assertThat(leftovers(unit)).isEmpty();
      new Verify().run(new Verify.Wanted(place, endpoint(unit), null), context(unit));
      assertThatThrownBy(() ->
              new RestoreDatabase()
                  .run(
                      new RestoreDatabase.Wanted(place, endpoint(unit), null, null), context(unit)))
          .hasMessageContaining("that is a physical-backup of mysql");

      unit.stop();
      nothingIsTouchedByWhatCantBeRead(unit, place);
      ActionResult restored = restore(unit, place, null, context(unit));
      assertThat(restored.values()).containsKey("replaced");
      unit.start();

      GtidSet held = GtidSet.parse(unit.value(GTIDS));
      assertThat(restored.values()).containsEntry("gtidExecuted", held.toString());
      assertThat(held.contains(least)).as("%s in %s", least, held).isTrue();
      assertThat(most.contains(held)).as("%s in %s", held, most).isTrue();
      assertThat(unit.value(ROWS)).isEqualTo(String.valueOf(held.minus(before).count()));
      assertThat(unit.value("SELECT SUM(n) FROM shop.pair")).as("of halves").isEqualTo("0");
      assertThat(unit.value(UUID)).isNotEqualTo(uuid);
      assertThat(unit.value("SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'upm%'"))
          .isEqualTo("0");
      unit.run("INSERT INTO shop.t (what) VALUES ('and it goes on')");

      new DiscardBackup().run(new DiscardBackup.Wanted(place, endpoint(unit), null), context(unit));
      assertThat(server.file(place, "data.tar")).doesNotExist();
    }
  }

  private void nothingIsTouchedByWhatCantBeRead(Unit unit, String place) throws IOException {
    List<Path> there = content(unit);
    Path object = server.file(place, "data.tar");
    flip(object);
    assertThatThrownBy(() -> restore(unit, place, null, context(unit)))
        .isInstanceOfSatisfying(
            PluginException.class,
            refused -> assertThat(refused.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessageContaining("damaged");
    flip(object);
    assertThatThrownBy(() ->
            restore(
                unit,
                place,
                null,
                new BackupContext(unit, "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")))
        .hasMessageContaining("is encrypted with the key");
    Path away = object.resolveSibling("away");
    Files.move(object, away);
    assertThatThrownBy(() -> restore(unit, place, null, context(unit)))
        .hasMessageContaining("data.tar does not exist");
    Files.move(away, object);
    assertThat(content(unit)).isEqualTo(there);
    assertThat(leftovers(unit)).isEmpty();
  }

  private static void flip(Path object) throws IOException {
    try (var file = new RandomAccessFile(object.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int there = file.read();
      file.seek(file.length() / 2);
      file.write(there ^ 1);
    }
  }

  @ParameterizedTest
  @MethodSource("newest")
  void archivedBinaryLogsLeadOnFromIt(String image) throws Exception {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      fill(unit);
      unit.run("INSERT INTO shop.t (what) VALUES ('in it')");
      String place = backUp(unit, null).values().get("backup");
      unit.run("INSERT INTO shop.t (what) VALUES ('after it')");
      unit.run("FLUSH BINARY LOGS");
      unit.run("CREATE USER app@'%' IDENTIFIED BY 'a password of an application'");
      String wanted = unit.value(GTIDS);
      unit.run("DROP TABLE shop.t");
      ActionResult archived =
          new BinlogBackup(InstantSource.system())
              .run(
                  new BinlogBackup.Wanted("s3://backups/", endpoint(unit), null, null, null),
                  context(unit));
      assertThat(archived.values()).containsEntry("base", place);
      assertThatThrownBy(() ->
              new DiscardBackup()
                  .run(new DiscardBackup.Wanted(place, endpoint(unit), null), context(unit)))
          .hasMessageContaining("goes on from it");

      unit.stop();
      restore(unit, place, wanted.replaceAll(":1-", ":"), context(unit));
      unit.start();

      assertThat(unit.value(GTIDS)).isEqualTo(wanted);
      assertThat(unit.value("SELECT GROUP_CONCAT(what ORDER BY n) FROM shop.t"))
          .isEqualTo("in it,after it");
      assertThat(unit.rows("SHOW GRANTS FOR app@'%'")).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("newest")
  void whatCantBeCopiedIsRefusedAndWhoeverGivesUpLeavesNothing(String image) throws Exception {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      fill(unit);
      unit.run("CREATE TABLE shop.old (n INT) ENGINE=MyISAM");
      assertThatThrownBy(() -> backUp(unit, null))
          .hasMessageContaining("table shop.old (MyISAM) is not InnoDB's");
      unit.run("DROP TABLE shop.old");
      refusesWithoutRoom(unit);
      Path foreign = Files.createDirectories(unit.data().resolve("backup-of-mine"));
      Files.createDirectories(unit.data().resolve(".backup-left/data"));
      ObjectStore store = context(unit).store(location(unit));
      List<String> stored = store.list("");
      for (String stage : List.of("copies", "stores")) {
        cancel(unit, stage);
        assertThat(leftovers(unit)).as("after it was cancelled when it %s", stage).isEmpty();
      }
      assertThat(store.list("")).isEqualTo(stored);
      assertThat(foreign).exists();
      assertThat(unit.rows("SHOW PROCESSLIST"))
          .noneMatch(row -> row.get("info").startsWith("CLONE"));
      backUp(unit, null);
    }
  }

  private StoreLocation location(Unit unit) {
    return new StoreLocation(
        endpoint(unit),
        "us-east-1",
        S3Server.BUCKET,
        "",
        "backups",
        Password.of("a secret of tests"));
  }

  /** A file that says it is larger than the volume. */
  private void refusesWithoutRoom(Unit unit) throws IOException {
    Path file = DataLayout.of(unit.instance()).server().resolve("shop/t.ibd");
    long bytes = Files.size(file);
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(8L << 40);
      assertThatThrownBy(() -> backUp(unit, null))
          .hasMessageContaining("MiB free; a physical-backup needs ")
          .hasMessageContaining("or take a logical-backup");
      sparse.setLength(bytes);
    }
  }

  private void cancel(Unit unit, String stage) throws Exception {
    var seen = new AtomicBoolean();
    var context =
        new BackupContext(unit, BackupContext.KEY) {
          @Override
          public void progress(Progress progress) {
            super.progress(progress);
            if (progress.message().equals(stage) && seen.compareAndSet(false, true)) {
              Thread.currentThread().interrupt();
            }
          }
        };
    var ended = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            backUp(unit, null, context);
            ended.complete(new AssertionError("it ended"));
          } catch (RuntimeException e) {
            ended.complete(e);
          }
        });
    assertThat(ended.get()).isNotInstanceOf(AssertionError.class);
    assertThat(seen).isTrue();
  }

  @ParameterizedTest
  @MethodSource("oldest")
  void aReplicaGoesOnWhileItIsBackedUpAndIsNotOneWhenItComesBack(String image) throws Exception {
    try (Unit source = Unit.running(Unit.Plan.of(image, MysqlEngine.ASYNC, 0));
        Unit replica = Unit.running(Unit.Plan.of(image, MysqlEngine.ASYNC, 1))) {
      source.run("SET GLOBAL super_read_only = OFF");
      source.run("SET GLOBAL read_only = OFF");
      replica.run("SET GLOBAL super_read_only = ON");
      replica.run(
          "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '%s', SOURCE_PORT = %d,"
                  .formatted(source.box().address(), source.box().port())
              + " SOURCE_USER = 'replication', SOURCE_PASSWORD = 'repl secret',"
              + " SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1");
      replica.run("START REPLICA");
      fill(source);
      GtidSet before = GtidSet.parse(source.value(GTIDS));
      ActionResult backup;
      try (var load = new Load(source)) {
        load.awaitRows(50);
        assertThatThrownBy(() -> backUp(replica, null))
            .hasMessageContaining("spec.parameters.encryption is missing: AES256: ");
        await()
            .until(
                () -> replica.rows("SHOW DATABASES"), names -> names.toString().contains("shop"));
        backup = backUp(replica, "AES256");
        load.awaitRows(50);
      }
      String all = source.value(GTIDS);
      await().untilAsserted(() -> assertThat(replica.value(GTIDS)).isEqualTo(all));
      replica.run("STOP REPLICA");
      replica.run("START REPLICA");
      source.run("INSERT INTO shop.t (what) VALUES ('later')");
      await().untilAsserted(() -> assertThat(replica.value(GTIDS)).isEqualTo(source.value(GTIDS)));

      replica.stop();
      restore(replica, backup.values().get("backup"), null, context(replica));
      replica.start();

      GtidSet held = GtidSet.parse(replica.value(GTIDS));
      assertThat(held.contains(GtidSet.parse(backup.values().get("gtidExecuted")))).isTrue();
      assertThat(GtidSet.parse(backup.values().get("gtidAtEnd")).contains(held)).isTrue();
      assertThat(replica.value(ROWS)).isEqualTo(String.valueOf(held.minus(before).count()));
      assertThat(replica.rows("SHOW REPLICA STATUS")).isEmpty();
      assertThat(replica.value("SELECT COUNT(*) FROM mysql.slave_master_info")).isEqualTo("0");
      assertThat(replica.value(UUID)).isNotEqualTo(source.value(UUID));
    }
  }

  private static void fill(Unit unit) {
    unit.run("CREATE DATABASE shop");
    unit.run("CREATE TABLE shop.t (n INT PRIMARY KEY AUTO_INCREMENT, what TEXT)");
    unit.run("CREATE TABLE shop.pair (n INT)");
  }

  /**
   * Transactions, one after the other in each of two sessions. Each writes one row here, and
   * somewhere else two that belong together.
   */
  private static final class Load implements AutoCloseable {
    private final Unit unit;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<FutureTask<@Nullable Void>> writers;

    Load(Unit unit) {
      this.unit = unit;
      this.writers = List.of(writer(), writer());
      writers.forEach(writer -> Thread.ofVirtual().start(writer));
    }

    private FutureTask<@Nullable Void> writer() {
      return new FutureTask<>(() -> {
        try (Session session = unit.admin()) {
          for (int n = 1; !enough.get(); n++) {
            session.within(Unit.PATIENCE);
            session.run("START TRANSACTION");
            session.run("INSERT INTO shop.t (what) VALUES (REPEAT('some words ', 100))");
            session.run("INSERT INTO shop.pair VALUES (?)", n);
            session.run("INSERT INTO shop.pair VALUES (?)", -n);
            session.run("COMMIT");
          }
        }
        return null;
      });
    }

    /** Waits for so many more. */
    void awaitRows(int rows) {
      int there = Integer.parseInt(unit.value(ROWS));
      await()
          .untilAsserted(
              () -> assertThat(Integer.parseInt(unit.value(ROWS))).isGreaterThan(there + rows));
    }

    @Override
    public void close() throws Exception {
      enough.set(true);
      for (FutureTask<@Nullable Void> writer : writers) {
        writer.get();
      }
    }
  }

  private ActionResult backUp(Unit unit, @Nullable String encryption) {
    return backUp(unit, encryption, context(unit));
  }

  private ActionResult backUp(Unit unit, @Nullable String encryption, ActionContext context) {
    return new PhysicalBackup(InstantSource.system())
        .run(
            new PhysicalBackup.Wanted("s3://backups/", endpoint(unit), null, null, encryption),
            context);
  }

  private ActionResult restore(
      Unit unit, String place, @Nullable String until, ActionContext context) {
    return new Restore(InstantSource.system())
        .run(new Restore.Wanted(place, endpoint(unit), null, "true", until), context);
  }

  private String endpoint(Unit unit) {
    return server.endpoint(unit.box());
  }

  private static ActionContext context(Unit unit) {
    return new BackupContext(unit, BackupContext.KEY);
  }

  /** What an action may leave on the volume. */
  private static List<Path> leftovers(Unit unit) throws IOException {
    try (var content = Files.list(unit.data())) {
      return content.filter(path -> path.getFileName().toString().startsWith(".")).toList();
    }
  }

  private static List<Path> content(Unit unit) throws IOException {
    try (var content = Files.walk(DataLayout.of(unit.instance()).server())) {
      return content.sorted().toList();
    }
  }
}
