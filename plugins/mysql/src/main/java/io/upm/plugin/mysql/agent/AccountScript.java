package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.ReplicationPassword;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * SQL that turns a fresh data directory's only account, {@code root@localhost} without a password,
 * into the accounts of the unit.
 *
 * <p>Names and passwords travel as hexadecimal digits and are quoted by the server itself, so any
 * character may be in them. The text holds secrets: it goes to the server's standard input and
 * nowhere else.
 */
public final class AccountScript {
  private static final int LONGEST_USER = 32;

  private static final String EVERYTHING = "GRANT ALL ON *.* TO %s WITH GRANT OPTION";

  /** What clones, group members and UPM's management of replication need; not SUPER. */
  private static final List<String> REPLICATION_GRANTS =
      List.of(
          "GRANT RELOAD, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO %s",
          "GRANT BACKUP_ADMIN, CLONE_ADMIN, CONNECTION_ADMIN, GROUP_REPLICATION_ADMIN,"
              + " REPLICATION_SLAVE_ADMIN, SESSION_VARIABLES_ADMIN, SYSTEM_VARIABLES_ADMIN"
              + " ON *.* TO %s",
          "GRANT SELECT ON performance_schema.* TO %s");

  private static final List<String> MONITOR_GRANTS =
      List.of(
          "GRANT PROCESS, REPLICATION CLIENT ON *.* TO %s",
          "GRANT SELECT ON performance_schema.* TO %s", "GRANT SELECT, EXECUTE ON sys.* TO %s");

  private final Instance instance;
  private final Accounts accounts;
  private final List<String> lines = new ArrayList<>();

  public AccountScript(Instance instance, Accounts accounts) {
    this.instance = instance;
    this.accounts = accounts;
  }

  /**
   * One statement a line, plain ASCII.
   *
   * @throws PluginException of kind USER when a password or a name can't be used
   */
  byte[] utf8() {
    begin();
    administrator();
    return others();
  }

  /**
   * As for a fresh directory, for one whose accounts come from a backup: the unit's own are there
   * then, with the passwords that the Secret has now.
   */
  public byte[] forRestored() {
    begin();
    for (String host : List.of("localhost", "%")) {
      String user = at(user(MysqlEngine.ADMIN), host);
      execute("CREATE USER IF NOT EXISTS %s", user);
      identify("ALTER USER %s IDENTIFIED BY ", user, password(MysqlEngine.ADMIN).orElseThrow());
      execute(EVERYTHING, user);
    }
    return others();
  }

  private void begin() {
    lines.clear();
    lines.add("SET NAMES utf8mb4;");
    lines.add("SET SESSION sql_log_bin = 0;");
  }

  private byte[] others() {
    account(MysqlEngine.REPLICATION, replicationGrants(instance.version()));
    account(MysqlEngine.MONITOR, MONITOR_GRANTS);
    account(MysqlEngine.PROVISION, List.of(EVERYTHING));
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> replicationGrants(EngineVersion version) {
    var grants = new ArrayList<>(REPLICATION_GRANTS);
    if (version.atLeast("8.0.27")) {
      grants.add("GRANT GROUP_REPLICATION_STREAM ON *.* TO %s");
    }
    return grants;
  }

  /**
   * At {@code localhost} for people in the container, who come through the socket, and at {@code %}
   * for everybody else: without name resolution not even 127.0.0.1 is {@code localhost}, and
   * administrators reach the database through its Services.
   */
  private void administrator() {
    Password password = password(MysqlEngine.ADMIN).orElseThrow();
    String user = user(MysqlEngine.ADMIN);
    if (!user.equals("root")) {
      execute("RENAME USER root@localhost TO %s", at(user, "localhost"));
    }
    identify("ALTER USER %s IDENTIFIED BY ", at(user, "localhost"), password);
    identify("CREATE USER %s IDENTIFIED BY ", at(user, "%"), password);
    execute(EVERYTHING, at(user, "%"));
  }

  private void account(Account account, List<String> grants) {
    Optional<Password> password = password(account);
    if (password.isEmpty()) {
      return;
    }
    String user = at(user(account), "%");
    // Two purposes may share one user, which then has the rights of both.
    identify("CREATE USER IF NOT EXISTS %s IDENTIFIED BY ", user, password.get());
    identify("ALTER USER %s IDENTIFIED BY ", user, password.get());
    for (String grant : grants) {
      execute(grant, user);
    }
  }

  private Optional<Password> password(Account account) {
    String user = user(account);
    Optional<Password> password = accounts.password(user).filter(given -> !given.isEmpty());
    if (password.isEmpty() && account.required()) {
      throw PluginException.user(
          "the Secret has no password for \"%s\" (%s): it needs a key of that name"
              .formatted(user, account.variable()));
    }
    if (account.equals(MysqlEngine.REPLICATION)) {
      password.ifPresent(given -> ReplicationPassword.check(user, given));
    }
    return password;
  }

  private String user(Account account) {
    String user = instance.user(account);
    if (user.isEmpty()
        || user.codePointCount(0, user.length()) > LONGEST_USER
        || user.chars().anyMatch(Character::isISOControl)) {
      throw PluginException.user(
          "%s is \"%s\", which is not a user name of 1 to %d characters"
              .formatted(account.variable(), user, LONGEST_USER));
    }
    return user;
  }

  /** SQL expression for a quoted account. */
  private static String at(String user, String host) {
    return "QUOTE(%s), '@', QUOTE('%s')".formatted(text(user), host);
  }

  private void execute(String statement, String account) {
    prepare(concatenated(statement, account));
  }

  private void identify(String statement, String account, Password password) {
    prepare(concatenated(statement, account) + ", QUOTE(%s)".formatted(text(password.reveal())));
  }

  private static String concatenated(String statement, String account) {
    int place = statement.indexOf("%s");
    return "'%s', %s, '%s'"
        .formatted(statement.substring(0, place), account, statement.substring(place + 2));
  }

  private void prepare(String parts) {
    lines.add("SET @statement = CONCAT(" + parts + ");");
    lines.add("PREPARE made FROM @statement;");
    lines.add("EXECUTE made;");
    lines.add("DEALLOCATE PREPARE made;");
    lines.add("SET @statement = NULL;");
  }

  private static String text(String value) {
    return "CONVERT(UNHEX('%s') USING utf8mb4)"
        .formatted(HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)));
  }
}
