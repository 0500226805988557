package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.backup.CloneUnit;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionResult;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two real servers, one of which is filled from the other, and then follows it. */
class CloneUnitIT {
  private static final String GTIDS = "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')";
  private static final String UUID = "SELECT @@server_uuid";

  /** Nothing that a statement is made of may end it early. */
  private static final String SECRET = "it's \"ü漢\" \\n #;-- $(x) %s";

  static List<String> images() {
    return List.of(Images.all().getFirst());
  }

  @ParameterizedTest
  @MethodSource("images")
  void aUnitGetsTheDataOfAnotherAndFollowsIt(String image) throws IOException {
    Map<String, String> secrets = Map.of("root", "root secret", "replication", SECRET);
    try (Unit donor =
            Unit.running(
                Unit.Plan.of(image, MysqlEngine.ASYNC, 0).withAccounts(Map.of(), secrets));
        Unit unit =
            Unit.running(
                Unit.Plan.of(image, MysqlEngine.ASYNC, 1).withAccounts(Map.of(), secrets))) {
      donor.run("SET GLOBAL super_read_only = OFF");
      donor.run("SET GLOBAL read_only = OFF");
      donor.run("CREATE DATABASE shop");
      donor.run("CREATE TABLE shop.t (n INT PRIMARY KEY, what TEXT)");
      donor.run("INSERT INTO shop.t VALUES (1, 'naïve 🦆')");
      // A copy holds what its donor follows.
      donor.run("CHANGE REPLICATION SOURCE TO SOURCE_HOST = '192.0.2.1', SOURCE_USER = 'nobody'");
      unit.stop();
      refusals(donor, unit);

      ActionResult result = clone("db-0", "true", donor, unit);

      assertThat(result.message())
          .startsWith("the data of unit db-0 are here; the former data are in replaced-");
      assertThat(result.values()).containsEntry("gtidExecuted", donor.value(GTIDS));
      assertThat(leftovers(unit)).isEmpty();
      unit.start();
      assertThat(unit.value(GTIDS)).isEqualTo(donor.value(GTIDS));
      assertThat(unit.value("SELECT what FROM shop.t")).isEqualTo("naïve 🦆");
      assertThat(unit.value(UUID)).isNotEqualTo(donor.value(UUID));
      assertThat(unit.rows("SHOW REPLICA STATUS")).isEmpty();
      follows(donor, unit);
    }
  }

  private static void refusals(Unit donor, Unit unit) throws IOException {
    assertThatThrownBy(() -> clone("db-0", null, donor, unit))
        .hasMessageStartingWith("spec.parameters.overwrite is missing: ");
    for (String other : List.of("db-1", "db-7")) {
      assertThatThrownBy(() -> clone(other, "true", donor, unit))
          .hasMessage("spec.parameters.donor: \"%s\" is not allowed: one of db-0".formatted(other));
    }
    donor.run("REVOKE BACKUP_ADMIN ON *.* FROM replication@'%'");
    assertThatThrownBy(() -> clone("db-0", "true", donor, unit))
        .hasMessageContaining("GRANT BACKUP_ADMIN ON *.* TO 'replication'@'%'");
    donor.run("GRANT BACKUP_ADMIN ON *.* TO replication@'%'");
    donor.run("CREATE TABLE shop.old (n INT) ENGINE=MyISAM");
    assertThatThrownBy(() -> clone("db-0", "true", donor, unit))
        .hasMessageContaining("table shop.old (MyISAM) is not InnoDB's");
    donor.run("DROP TABLE shop.old");
    // It is told once it has been begun: what was made for it goes again.
    donor.run("ALTER USER replication@'%' ACCOUNT LOCK");
    assertThatThrownBy(() -> clone("db-0", "true", donor, unit))
        .hasMessageStartingWith("unit db-0 can't be copied: ")
        .hasMessageNotContaining("漢");
    donor.run("ALTER USER replication@'%' ACCOUNT UNLOCK");
    assertThat(leftovers(unit)).isEmpty();
    assertThat(DataLayout.of(unit.instance()).server()).exists();
  }

  private static void follows(Unit donor, Unit unit) {
    unit.run(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '%s', SOURCE_PORT = %d,"
                .formatted(donor.box().address(), donor.box().port())
            + " SOURCE_USER = 'root', SOURCE_PASSWORD = 'root secret',"
            + " SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1");
    unit.run("START REPLICA");
    donor.run("INSERT INTO shop.t VALUES (2, 'later')");
    await()
        .untilAsserted(() -> assertThat(unit.value("SELECT COUNT(*) FROM shop.t")).isEqualTo("2"));
  }

  private static ActionResult clone(
      String name, @Nullable String overwrite, Unit donor, Unit unit) {
    return new CloneUnit(InstantSource.system())
        .run(new CloneUnit.Wanted(name, overwrite), context(donor, unit));
  }

  /** In a set all have the same port, and here each has its own. */
  private static ActionContext context(Unit donor, Unit unit) {
    return new UnitContext(unit) {
      @Override
      public Instance instance() {
        Instance own = super.instance();
        return new Instance(
            own.identity(),
            own.version(),
            own.mode(),
            own.limits(),
            own.layout(),
            own.settings(),
            Map.of("mysql", donor.box().port()),
            List.of(
                new Peer("db-0", 0, donor.box().address()),
                new Peer("db-1", 1, unit.box().address())));
      }
    };
  }

  private static List<Path> leftovers(Unit unit) throws IOException {
    try (var content = Files.list(unit.data())) {
      return content.filter(path -> path.getFileName().toString().startsWith(".")).toList();
    }
  }
}
