package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A fresh data directory and its accounts, on the real server. */
@ParameterizedClass(name = "{0}")
@MethodSource("images")
record InitializationIT(String image) {
  private static final String ODD = "it's \\ \"q\" #;-- ü漢🙂 `$(x)` %s {{ y }}\t|";

  static List<String> images() {
    return Images.all();
  }

  @Test
  void makesAccountsWhateverTheirNamesAndPasswords() throws SQLException {
    var names =
        Map.of(
            "ADM_USER", "dba's \"x\"",
            "MON_USER", "mön",
            "REPL_USER", "re\\pl",
            "PROV_USER", "prov");
    var secrets =
        Map.of(
            "dba's \"x\"",
            ODD,
            "mön",
            "m" + ODD,
            "re\\pl",
            "'\"\\ü漢;#".repeat(3),
            "prov",
            "p" + ODD);
    var plan = Unit.Plan.of(image, "rpl_semi_sync", 0).withAccounts(names, secrets);
    try (Unit unit = Unit.running(plan)) {
      for (String user : secrets.keySet()) {
        try (Session session = unit.session(user)) {
          assertThat(session.row("SELECT CURRENT_USER() AS u").orElseThrow())
              .containsEntry("u", user + "@%");
        }
        assertThatThrownBy(() -> unit.session(user, "wrong")).isInstanceOf(SQLException.class);
      }
      assertThat(unit.rows("SELECT CONCAT(user, '@', host) AS account FROM mysql.user"))
          .extracting(row -> row.get("account"))
          .containsExactlyInAnyOrder(
              "dba's \"x\"@%",
              "dba's \"x\"@localhost",
              "mön@%",
              "re\\pl@%",
              "prov@%",
              "mysql.infoschema@localhost",
              "mysql.session@localhost",
              "mysql.sys@localhost");
      assertThat(unit.rows("SELECT plugin FROM mysql.user WHERE user NOT LIKE 'mysql.%'"))
          .allMatch(row -> row.containsValue("caching_sha2_password"));
      assertThat(unit.value("SELECT @@global.gtid_executed")).isEmpty();
      assertThat(unit.value("SELECT @@global.super_read_only")).isEqualTo("1");
      assertThat(unit.probe().role()).isEmpty();
    }
  }

  @Test
  void refusesAPasswordThatReplicasCouldNotUse() {
    for (String password : List.of("x".repeat(33), "ü".repeat(17), "smile🙂")) {
      var plan =
          Unit.Plan.of(image, "rpl_async", 0)
              .withAccounts(Map.of(), Map.of("root", "a", "replication", password));
      try (Unit unit = Unit.make(plan)) {
        unit.configure();
        assertThatThrownBy(() -> unit.lifecycle().initialize(unit.instance()))
            .isInstanceOf(PluginException.class)
            .hasMessageStartingWith("the password of \"replication\" can't be kept")
            .message()
            .doesNotContain(password);
        assertThat(unit.lifecycle().isInitialized(unit.instance())).isFalse();
      }
    }
  }

  @Test
  void worksWithTheTwoKeysOfTheDocumentedExample() {
    var plan =
        Unit.Plan.of(image, "standalone", 0)
            .withAccounts(
                Map.of("ADM_USER", "root", "ARCH_MODE", "standalone"),
                Map.of("root", "a", "replication", "b"));
    try (Unit unit = Unit.running(plan)) {
      unit.run("CREATE DATABASE shop");

      assertThat(unit.probe().ready()).isTrue();
      assertThat(unit.probe().facts())
          .containsEntry("readOnly", "false")
          .containsEntry("version", unit.value("SELECT VERSION()"));
      assertThat(
              unit.value("SELECT COUNT(*) FROM mysql.user WHERE user IN ('monitor', 'provision')"))
          .isEqualTo("0");
    }
  }

  @Test
  void leavesNothingBehindAndTouchesNothingThatIsThere() throws IOException {
    var plan = Unit.Plan.of(image, "rpl_async", 0);
    try (Unit unit = Unit.make(plan)) {
      Files.createDirectories(unit.data().resolve(".init-older/data"));
      Files.writeString(unit.data().resolve(".init-older/data/ibdata1"), "half");
      unit.configure();

      unit.lifecycle().initialize(unit.instance());

      try (var files = Files.list(unit.data())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("data", "conf", "binlog", "relaylog", "tmp");
      }
      assertThat(unit.lifecycle().isInitialized(unit.instance())).isTrue();
      unit.start();
      unit.run("SET GLOBAL super_read_only = OFF");
      unit.run("SET GLOBAL read_only = OFF");
      unit.run("CREATE DATABASE kept");
      String uuid = unit.value("SELECT @@server_uuid");
      unit.stop();

      unit.lifecycle().initialize(unit.instance());
      unit.start();

      assertThat(unit.value("SELECT @@server_uuid")).isEqualTo(uuid);
      assertThat(unit.rows("SHOW DATABASES LIKE 'kept'")).hasSize(1);
    }
  }

  @Test
  void aServerThatCannotInitialiseLeavesNothing() throws IOException {
    var plan = Unit.Plan.of(image, "rpl_async", 0);
    try (Unit unit = Unit.make(plan)) {
      unit.configure();
      Files.writeString(
          unit.instance().layout().config().resolve("my.cnf"),
          "[mysqld]\ninnodb_data_file_path=nonsense\n");

      assertThatThrownBy(() -> unit.lifecycle().initialize(unit.instance()))
          .isInstanceOf(PluginException.class)
          .hasMessageContaining("mysqld --initialize failed")
          .hasMessageContaining("[InnoDB]");

      assertThat(unit.lifecycle().isInitialized(unit.instance())).isFalse();
      try (var files = Files.list(unit.data())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith(".init") || name.equals("data"));
      }
    }
  }

  @Test
  void theAccountForReplicationCanManageItAndNotMore() throws SQLException {
    try (Unit unit = Unit.running(Unit.Plan.of(image, "rpl_semi_sync", 0));
        Session session = unit.session("replication")) {
      for (String statement :
          List.of(
              "SET GLOBAL read_only = OFF",
              "SET GLOBAL super_read_only = ON",
              "SET GLOBAL rpl_semi_sync_source_enabled = ON",
              "SET GLOBAL rpl_semi_sync_source_enabled = OFF",
              "SET SESSION lock_wait_timeout = 5",
              "STOP REPLICA",
              "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.9', SOURCE_AUTO_POSITION=1",
              "START REPLICA",
              "STOP REPLICA",
              "RESET REPLICA ALL",
              "SELECT COUNT(*) FROM performance_schema.threads")) {
        session.run(statement);
      }
      assertThatThrownBy(() -> session.run("SELECT * FROM mysql.user"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> session.run("CREATE USER other")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void pageSizeAndNameCaseAreThoseOfTheConfiguration() {
    var plan =
        Unit.Plan.of(image, "standalone", 0)
            .withParameters(
                Map.of(
                    "innodb_page_size", "8192",
                    "lower_case_table_names", "1",
                    "default_time_zone", "+02:00",
                    "sql_mode", "STRICT_ALL_TABLES,ANSI_QUOTES",
                    "init_connect", "SET @greeting = 'a # \"b\" \\\\ c'"));
    try (Unit unit = Unit.running(plan)) {
      assertThat(unit.value("SELECT @@innodb_page_size")).isEqualTo("8192");
      assertThat(unit.value("SELECT @@lower_case_table_names")).isEqualTo("1");
      assertThat(unit.value("SELECT @@global.time_zone")).isEqualTo("+02:00");
      assertThat(unit.value("SELECT @@global.sql_mode")).isEqualTo("ANSI_QUOTES,STRICT_ALL_TABLES");
      assertThat(unit.value("SELECT @@global.init_connect"))
          .isEqualTo("SET @greeting = 'a # \"b\" \\\\ c'");
    }
  }
}
