package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.instance.Accounts;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A changed Secret at three servers, while clients log in with what they know of it. */
@ParameterizedClass(name = "{0}")
@MethodSource("trios")
record PasswordRotationIT(Trio trio) {
  private static final String REPLICATION = "replication";
  private static final String NEXT = "n3xt' \"ö\" \\n #;--";

  static Stream<Trio> trios() {
    return Trio.ofEachVersion();
  }

  @Test
  void nobodyIsRefused() throws Exception {
    String former = trio.a().passwords().get(REPLICATION);
    Map<String, String> wanted = Map.of("root", "next root", REPLICATION, NEXT);
    trio.a().run("SET GLOBAL log_output = 'TABLE'");
    trio.a().run("SET GLOBAL general_log = ON");
    try (var old = new Clients();
        var fresh = new Clients()) {
      for (Unit unit : trio.units()) {
        old.add(unit, "root", "root secret");
        old.add(unit, REPLICATION, former);
      }

      // Replicas may be asked first: they say what they wait for.
      assertThat(change(trio.b(), wanted))
          .contains(
              "this server has not got the new password of \"root\", \"replication\" from the one"
                  + " that takes writes yet");
      // The runtime has read the Secret already, and the databases know nothing of it.
      trio.loop().changePassword(NEXT);
      trio.loop().settle();

      for (Unit unit : trio.units()) {
        await().until(() -> change(unit, wanted), Optional::isEmpty);
        unit.passwords().putAll(wanted);
        fresh.add(unit, "root", "next root");
        fresh.add(unit, REPLICATION, NEXT);
      }

      for (Unit replica : java.util.List.of(trio.b(), trio.c())) {
        assertThat(replica.value("SELECT user_password FROM mysql.slave_master_info"))
            .isEqualTo(NEXT);
        replica.run("STOP REPLICA IO_THREAD");
        replica.run("START REPLICA IO_THREAD");
      }
      trio.insert(1);
      trio.awaitRow(trio.b(), 1);
      trio.awaitRow(trio.c(), 1);
      await().until(() -> old.logins() > 200 && fresh.logins() > 200);
      old.close();
      assertThat(old.failures()).isEmpty();

      Accounts before = accounts(Map.of("root", "root secret", REPLICATION, former));
      for (Unit unit : trio.units()) {
        await()
            .until(
                () -> unit.lifecycle().liveAccounts().orElseThrow().settle(unit.instance(), before),
                Optional::isEmpty);
        assertThatThrownBy(() -> unit.session("root", "root secret"))
            .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> unit.session(REPLICATION, former))
            .isInstanceOf(SQLException.class);
      }
      trio.loop().settle();
      long seen = fresh.logins();
      await().until(() -> fresh.logins() > seen + 100);
      fresh.close();
      assertThat(fresh.failures()).isEmpty();
    }
    assertThat(
            trio.a()
                .value("SELECT COUNT(*) FROM mysql.general_log WHERE argument LIKE 'ALTER USER%'"))
        .isNotEqualTo("0");
    try (Session session = trio.a().admin()) {
      assertThat(session.rows("SELECT argument FROM mysql.general_log"))
          .noneMatch(
              row -> row.toString().contains("next root") || row.toString().contains("n3xt"));
    }
  }

  private static Optional<String> change(Unit unit, Map<String, String> wanted) {
    return unit.lifecycle()
        .liveAccounts()
        .orElseThrow()
        .change(unit.instance(), accounts(wanted), accounts(Map.of()));
  }

  private static Accounts accounts(Map<String, String> passwords) {
    return user -> Optional.ofNullable(passwords.get(user)).map(Password::of);
  }
}
