package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.engine.Account;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.Peer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * A unit whose data another one is to get.
 *
 * @param unit its name
 * @param login where, and as whom replicas log in, who fetch a copy, too
 * @param administrator who sees what there is
 */
record Donor(String unit, Login login, Login administrator) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What a user needs there to fetch a copy (manual, 7.6.7.3). */
  private static final String MAY =
      "SELECT privilege_type AS found FROM information_schema.user_privileges"
          + " WHERE privilege_type = 'BACKUP_ADMIN'"
          + " AND grantee = CONCAT(QUOTE(?), '@', QUOTE('%'))";

  /**
   * Finds it.
   *
   * @throws PluginException of kind USER when it is no other unit of the set
   */
  static Donor find(String name, ActionContext context) {
    Instance instance = context.instance();
    Peer peer =
        instance.peers().stream()
            .filter(one -> !one.unit().equals(instance.identity().unit()))
            .filter(one -> one.unit().equals(name))
            .findFirst()
            .orElseThrow(() -> Place.wrong("donor", name, "one of " + others(instance)));
    return new Donor(
        name,
        login(MysqlEngine.REPLICATION, peer, context),
        login(MysqlEngine.ADMIN, peer, context));
  }

  private static Login login(Account account, Peer peer, ActionContext context) {
    Instance instance = context.instance();
    String user = instance.user(account);
    Password password =
        context
            .accounts()
            .password(user)
            .orElseThrow(() ->
                PluginException.user("the Secret holds no password of \"%s\"".formatted(user)));
    return new Login(peer.host(), MysqlEngine.port(instance, MysqlEngine.MYSQL), user, password);
  }

  private static String others(Instance instance) {
    String others =
        instance.peers().stream()
            .map(Peer::unit)
            .filter(unit -> !unit.equals(instance.identity().unit()))
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? "the other units of the set, of which there are none" : others;
  }

  /**
   * Size of what it has.
   *
   * @throws PluginException of kind USER when it can't be copied, TRANSIENT when it can't be asked
   */
  long bytes() {
    try (Session session = Session.open(administrator, LIMIT)) {
      if (session.rows(MAY, login.user()).isEmpty()) {
        throw PluginException.user(
            "user \"%s\" may not copy unit %s: GRANT BACKUP_ADMIN ON *.* TO '%s'@'%%', on the unit that"
                    .formatted(login.user(), unit, login.user())
                + " takes writes");
      }
      CloneRules.checkEngines(
          session.row(CloneRules.NOT_COPIED).map(row -> row.get("found")).orElse(""));
      return session
          .row(CloneRules.BYTES)
          .map(row -> Long.parseLong(row.get("bytes")))
          .orElseThrow();
    } catch (SQLException e) {
      throw PluginException.retryable(
          "unit %s can't be asked: %s".formatted(unit, Failure.sentence(e)), e);
    }
  }

  /**
   * What a server runs to get a copy. Holds the password: for its standard input only.
   *
   * @param target where it goes
   */
  String statements(Path target) {
    return """
    SET NAMES utf8mb4, SESSION sql_mode = '';
    SET GLOBAL clone_valid_donor_list = %s;
    CLONE INSTANCE FROM %s@%s:%d IDENTIFIED BY %s DATA DIRECTORY = %s REQUIRE SSL;
    """
        .formatted(
            text(login.host() + ":" + login.port()),
            text(login.user()),
            text(login.host()),
            login.port(),
            text(login.password().reveal()),
            text(target.toString()));
  }

  /** As a literal; the statement takes no other form, and can't be prepared. */
  private static String text(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
