package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.plugin.mysql.provision.ApplyUser;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.NodeReport.Route;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Three real servers, looked after as the runtime does it. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.upm.plugin.mysql.it.Trio#ofEachVersion")
final class ReplicationIT {
  private final Trio trio;
  private final Unit a;
  private final Unit b;
  private final Unit c;
  private final MysqlReplicationSpec spec;
  private final Loop loop;

  ReplicationIT(Trio trio) {
    this.trio = trio;
    this.a = trio.a();
    this.b = trio.b();
    this.c = trio.c();
    this.spec = trio.spec();
    this.loop = trio.loop();
  }

  @BeforeEach
  void heal() {
    loop.use(spec);
    loop.settle();
    loop.journal().clear();
  }

  @Test
  void setsUpFreshServersStepByStep() {
    assertThat(trio.setUp())
        .containsExactly(
            "semi-sync-source db-0",
            "open-for-writes db-0",
            "remember db-0",
            "follow db-1",
            "follow db-2");
  }

  @Test
  void replicatesFromZeroAndReportsWhatItSees() {
    trio.insert(1);
    trio.awaitRow(b, 1);
    trio.awaitRow(c, 1);
    trio.insert(2);
    trio.awaitRow(b, 2);

    var report = loop.report();

    assertThat(report.ready()).as(report.toString()).isTrue();
    assertThat(report.nodes())
        .extracting(NodeReport::role)
        .containsExactly("Source", "Replica", "Replica");
    assertThat(report.nodes())
        .extracting(node -> node.route().orElseThrow())
        .containsExactly(Route.READWRITE, Route.READONLY, Route.READONLY);
    assertThat(report.nodes().get(1).details())
        .containsEntry("readonly", true)
        .containsEntry("superReadonly", true)
        .containsEntry("replicaIO", "Yes")
        .containsEntry("replicaSQL", "Yes")
        .containsEntry("semiSync", true)
        .containsEntry("sourceHost", a.box().address());
    assertThat(b.value("SELECT @@global.gtid_executed"))
        .isEqualTo(a.value("SELECT @@global.gtid_executed"));
    assertThat(b.rows("SHOW REPLICA STATUS").getFirst())
        .containsEntry("source_ssl_allowed", "Yes")
        .containsEntry("auto_position", "1")
        .containsEntry("connect_retry", "2");
    assertThat(
            b.value(
                "SELECT HEARTBEAT_INTERVAL < @@global.replica_net_timeout"
                    + " FROM performance_schema.replication_connection_configuration"))
        .isEqualTo("1");
    assertThat(loop.turn()).isInstanceOf(Decision.Nothing.class);
  }

  @Test
  void aReplicaRefusesWritesEvenOfAdministrators() {
    assertThat(b.value("SELECT @@global.super_read_only")).isEqualTo("1");
    assertThatThrownBy(() -> trio.insert(b, 99))
        .hasRootCauseMessage(
            "The MySQL server is running with the --super-read-only option so it cannot execute"
                + " this statement");
  }

  @Test
  void startsAStoppedReplica() {
    b.run("STOP REPLICA");

    loop.settle();

    assertThat(loop.journal()).contains("start-replication db-1").hasSizeLessThanOrEqualTo(3);
    trio.insert(10);
    trio.awaitRow(b, 10);
  }

  @Test
  void pointsAReplicaBackToTheSource() {
    c.run("STOP REPLICA");
    c.run(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '%s', SOURCE_PORT = %d, SOURCE_USER = 'replication'"
            .formatted(b.box().address(), b.box().port()));
    c.run("START REPLICA");

    loop.settle();

    assertThat(loop.journal()).contains("follow db-2");
    trio.insert(11);
    trio.awaitRow(c, 11);
  }

  @Test
  void closesAReplicaThatSomebodyMadeWritable() {
    c.run("SET GLOBAL read_only = OFF");

    loop.turn();

    assertThat(loop.journal()).containsExactly("set-read-only db-2");
    assertThat(c.value("SELECT @@global.super_read_only")).isEqualTo("1");
  }

  @Test
  void theSourceComesBackWritableWithEveryAcknowledgedRow() {
    for (int id = 100; id < 150; id++) {
      trio.insert(id);
    }

    a.kill();
    assertThat(loop.turn()).isInstanceOf(Decision.WaitFor.class);
    assertThat(loop.report("db-0").problem()).isEqualTo("unknown: it does not accept connections");
    assertThat(loop.report("db-0").route()).isEmpty();
    a.start();
    assertThat(a.value("SELECT @@global.super_read_only")).isEqualTo("1");
    loop.settle();

    assertThat(loop.journal()).containsSubsequence("semi-sync-source db-0", "open-for-writes db-0");
    assertThat(a.value("SELECT COUNT(*) FROM shop.orders WHERE id BETWEEN 100 AND 149"))
        .isEqualTo("50");
    trio.insert(150);
    trio.awaitRow(b, 150);
    trio.awaitRow(c, 150);
  }

  @Test
  void aKilledReplicaCatchesUp() {
    b.kill();
    trio.insert(200);
    b.start();

    loop.settle();

    trio.awaitRow(b, 200);
  }

  @Test
  void aWriteIsAcknowledgedOnlyWhenAReplicaHasIt() throws Exception {
    b.run("STOP REPLICA IO_THREAD");
    c.run("STOP REPLICA IO_THREAD");

    var write = CompletableFuture.runAsync(() -> trio.insert(300));

    assertThatThrownBy(() -> write.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    await()
        .untilAsserted(
            () -> assertThat(loop.report("db-0").problem()).startsWith("its commits wait"));
    loop.turn();
    write.get(20, TimeUnit.SECONDS);
    trio.awaitRow(b, 300);
    assertThat(Long.parseLong(status(a, "Rpl_semi_sync_source_yes_tx"))).isPositive();
    assertThat(status(a, "Rpl_semi_sync_source_no_tx")).isEqualTo("0");
  }

  @Test
  void accountsChangeOnlyWhileReplicasAcknowledgeSoEverybodyCanLogIn() throws Exception {
    b.run("STOP REPLICA IO_THREAD");
    c.run("STOP REPLICA IO_THREAD");

    // The source does not know yet that they left: it hears of it by the first commit.
    assertThatThrownBy(this::declareUser)
        .isInstanceOfSatisfying(
            PluginException.class,
            e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.TRANSIENT))
        .hasMessageContaining("would keep everybody from logging in");
    assertThat(passwordsAgain()).get().asString().contains("would keep everybody");
    a.session("root", a.passwords().get("root")).close();

    b.run("START REPLICA IO_THREAD");
    c.run("START REPLICA IO_THREAD");
    assertThat(declareUser()).startsWith("user app@%: ");
    await().until(this::passwordsAgain, Optional::isEmpty);
    b.run("STOP REPLICA IO_THREAD");
    c.run("STOP REPLICA IO_THREAD");
    assertThat(declareUser()).as("nothing to be written").contains("is as it is declared");
  }

  private String declareUser() {
    return new ApplyUser()
        .run(
            new ApplyUser.Wanted("app", "%", "app", List.of(), null),
            new UnitContext(a) {
              @Override
              public Optional<Password> secret(String key) {
                return Optional.of(Password.of("its password"));
              }
            })
        .message();
  }

  /** As after an agent's crash: what is in force already is given once more. */
  private Optional<String> passwordsAgain() {
    Accounts present = user -> Optional.ofNullable(a.passwords().get(user)).map(Password::of);
    return a.lifecycle().liveAccounts().orElseThrow().change(a.instance(), present, present);
  }

  private static String status(Unit unit, String name) {
    return unit.rows("SHOW GLOBAL STATUS LIKE '" + name + "'").getFirst().get("value");
  }

  @Test
  void changesBetweenAsynchronousAndSemiSynchronousWithoutRestart() {
    loop.use(Loop.spec("rpl_async", trio.units()));
    loop.settle();
    assertThat(status(a, "Rpl_semi_sync_source_status")).isEqualTo("OFF");
    assertThat(status(b, "Rpl_semi_sync_replica_status")).isEqualTo("OFF");
    assertThat(loop.journal().getFirst()).isEqualTo("semi-sync-source db-0");
    loop.journal().clear();

    loop.use(spec);
    loop.settle();

    assertThat(status(a, "Rpl_semi_sync_source_status")).isEqualTo("ON");
    assertThat(status(a, "Rpl_semi_sync_source_clients")).isEqualTo("2");
    assertThat(status(b, "Rpl_semi_sync_replica_status")).isEqualTo("ON");
    assertThat(loop.journal().getLast()).isEqualTo("semi-sync-source db-0");
  }

  @Test
  void anIsolatedReplicaIsStoppedAndNotServed() {
    var replicas =
        spec.replica().stream()
            .map(one ->
                new MysqlReplicationSpec.Replica(
                    one.name(), one.host(), one.port(), one.name().equals("db-2")))
            .toList();
    loop.use(
        new MysqlReplicationSpec(
            spec.mode(), spec.secret(), spec.aesSecret(), spec.source(), replicas, spec.service()));

    loop.settle();

    assertThat(loop.journal()).contains("stop-replication db-2");
    assertThat(loop.report("db-2").route()).isEmpty();
    assertThat(loop.report("db-2").role()).isEqualTo("None");
    trio.insert(400);
    trio.awaitRow(b, 400);
    assertThat(c.rows("SELECT id FROM shop.orders WHERE id = 400")).isEmpty();
  }

  @Test
  void goesOnWithoutAnyMemory() {
    loop.forget();

    loop.settle();

    assertThat(loop.journal()).containsExactly("remember db-0");
    assertThat(loop.memory().source()).contains("db-0");
  }

  /** The same servers, with {@code db-1} preferred. */
  private MysqlReplicationSpec wish() {
    return new MysqlReplicationSpec(
        spec.mode(),
        spec.secret(),
        spec.aesSecret(),
        new MysqlReplicationSpec.Source("db-1", b.box().address(), b.box().port()),
        List.of(
            new MysqlReplicationSpec.Replica("db-0", a.box().address(), a.box().port(), false),
            new MysqlReplicationSpec.Replica("db-2", c.box().address(), c.box().port(), false)),
        spec.service());
  }

  @Test
  void anotherSourceTakesOverUnderWritesAndLosesNone() throws Exception {
    var acknowledged = new AtomicInteger(500);
    var writer =
        CompletableFuture.runAsync(() -> {
          while (true) {
            trio.insert(acknowledged.get() + 1);
            acknowledged.incrementAndGet();
          }
        });
    await().until(() -> acknowledged.get() > 520);
    loop.use(wish());

    loop.settle();

    assertThatThrownBy(() -> writer.get(20, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
    assertThat(loop.memory().source()).contains("db-1");
    assertThat(loop.memory().intent()).isEmpty();
    assertThat(loop.report().nodes())
        .extracting(NodeReport::role)
        .containsExactly("Source", "Replica", "Replica");
    assertThat(loop.report("db-1").route()).contains(Route.READWRITE);
    int rows = acknowledged.get() - 500;
    assertThat(
            Integer.parseInt(
                b.value(
                    "SELECT COUNT(*) FROM shop.orders WHERE id BETWEEN 501 AND "
                        + acknowledged.get())))
        .isEqualTo(rows);
    trio.insert(b, 599);
    trio.awaitRow(a, 599);
    trio.awaitRow(c, 599);
    assertThat(a.value("SELECT @@global.super_read_only")).isEqualTo("1");
  }

  @Test
  void aSwitchoverThatDoesNotEndIsAbandonedAndWritesAreBack() throws Exception {
    try (var lock = b.admin()) {
      lock.run("FLUSH TABLES WITH READ LOCK");
      trio.insert(550);
      loop.use(wish());

      loop.settleWaiting("another attempt to make db-1 the source; the last was abandoned");

      assertThat(loop.journal())
          .containsSubsequence("set-read-only db-0", "remember db-0", "open-for-writes db-0");
      trio.insert(551);
    }
    trio.awaitRow(b, 551);
  }

  @Test
  void transactionsOfItsOwnKeepAReplicaOutUntilTheUserHasDecided() {
    b.run("SET GLOBAL read_only = OFF");
    b.run("CREATE DATABASE errant");
    String own =
        b.value(
            "SELECT GTID_SUBTRACT(@@global.gtid_executed, '%s')"
                .formatted(a.value("SELECT @@global.gtid_executed")));
    b.run("STOP REPLICA");

    Decision.WaitFor wait = loop.settleWaiting("db-1 has transactions that the source db-0 lacks");

    assertThat(wait.predicate()).contains(own);
    assertThat(loop.journal()).containsExactly("set-read-only db-1");
    assertThat(loop.report("db-1").route()).isEmpty();
    // What the message says: commit an empty transaction of that name on the source.
    try (var session = a.admin()) {
      session.run("SET GTID_NEXT = '" + own + "'");
      session.run("COMMIT");
      session.run("SET GTID_NEXT = 'AUTOMATIC'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    loop.settle();
    trio.insert(600);
    trio.awaitRow(b, 600);
  }
}
