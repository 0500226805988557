package io.upm.plugin.mysql.account;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.account.PasswordChanges.Need;
import io.upm.plugin.mysql.account.PasswordChanges.PasswordChange;
import io.upm.plugin.mysql.client.Acknowledgement;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveAccounts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Passwords by the server's own two for each account: the one that takes writes is given the new
 * ones and keeps those before as the second, and the others get both by replication.
 */
public final class LivePasswords implements LiveAccounts {
  /** With room for a commit that waits for replicas. */
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private static final Duration LOGIN = Duration.ofSeconds(4);

  private static final String WRITABLE = "SELECT @@global.read_only = 0 AS writable";

  /** Those that this plugin makes; what else somebody made of the same name is theirs. */
  private static final String ACCOUNTS =
      """
      SELECT user, host,
        COALESCE(JSON_CONTAINS_PATH(user_attributes, 'one', '$.additional_password'), 0) AS second
      FROM mysql.user WHERE host IN ('localhost', '%')\
      """;

  private static final String BESIDE = "?@? IDENTIFIED BY ? RETAIN CURRENT PASSWORD";
  private static final String ALONE = "?@? IDENTIFIED BY ?";

  private final Accounts inForce;

  /** An account as the server has it. */
  private record Present(String user, String host, boolean second) {}

  public LivePasswords(Accounts inForce) {
    this.inForce = inForce;
  }

  @Override
  public Optional<String> change(Instance instance, Accounts wanted, Accounts former) {
    List<PasswordChange> changes = PasswordChanges.of(instance, inForce, wanted, former);
    try (Session session = Administrator.session(instance, LIMIT, inForce, wanted, former)) {
      Set<String> taken = taken(instance, changes);
      List<Present> accounts = accounts(session);
      if (isWritable(session)) {
        return alter(session, accounts, changes, taken);
      }
      List<String> refused =
          changes.stream()
              .map(PasswordChange::user)
              .filter(user -> !taken.contains(user))
              .filter(user -> accounts.stream().anyMatch(one -> one.user().equals(user)))
              .toList();
      return refused.isEmpty()
          ? new ReplicaLogin(session).moveTo(wanted, instance.user(MysqlEngine.REPLICATION))
          : Optional.of(
              "this server has not got the new password of \"%s\" from the one that takes writes yet"
                  .formatted(String.join("\", \"", refused)));
    } catch (SQLException e) {
      throw unanswered(e);
    }
  }

  @Override
  public Optional<String> settle(Instance instance, Accounts former) {
    try (Session session = Administrator.session(instance, LIMIT, inForce)) {
      List<Present> both =
          accounts(session).stream()
              .filter(account -> account.second() && former.password(account.user()).isPresent())
              .toList();
      if (!isWritable(session)) {
        String user = instance.user(MysqlEngine.REPLICATION);
        return new ReplicaLogin(session)
            .moveTo(inForce, user)
            .or(() ->
                both.isEmpty()
                    ? Optional.empty()
                    : Optional.of("the server that takes writes still takes former passwords"));
      }
      Optional<String> awaited = both.isEmpty() ? Optional.empty() : awaited(session);
      if (awaited.isPresent()) {
        return awaited;
      }
      for (Present account : both) {
        session.run("ALTER USER ?@? DISCARD OLD PASSWORD", account.user(), account.host());
      }
      return Optional.empty();
    } catch (SQLException e) {
      throw unanswered(e);
    }
  }

  /** Users whose wanted password the server takes already. */
  private static Set<String> taken(Instance instance, List<PasswordChange> changes)
      throws SQLException {
    var taken = new TreeSet<String>();
    for (PasswordChange change : changes) {
      if (takes(Login.local(instance, change.user(), change.wanted()))) {
        taken.add(change.user());
      }
    }
    return taken;
  }

  /**
   * One statement for all, which the server carries out as a whole or not at all. It leaves out
   * passwords wherever it writes the statement down.
   *
   * @return what it waits for; empty when that is done
   */
  private static Optional<String> alter(
      Session session, List<Present> accounts, List<PasswordChange> changes, Set<String> taken)
      throws SQLException {
    var parts = new ArrayList<String>();
    var values = new ArrayList<Object>();
    for (PasswordChange change : changes) {
      Need need = PasswordChanges.need(change, taken.contains(change.user()));
      for (Present account : accounts) {
        if (need != Need.NOTHING && account.user().equals(change.user())) {
          parts.add(need == Need.CHANGE ? BESIDE : ALONE);
          values.addAll(List.of(account.user(), account.host(), change.wanted().reveal()));
        }
      }
    }
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> awaited = awaited(session);
    if (awaited.isPresent()) {
      return awaited;
    }
    try {
      session.run("ALTER USER " + String.join(", ", parts), values.toArray());
      return Optional.empty();
    } catch (SQLException e) {
      if (Failure.isPasswordNotAllowed(e)) {
        throw PluginException.user(
            "the server's password policy does not allow the new passwords (error %d); none was"
                    .formatted(e.getErrorCode())
                + " changed");
      }
      throw e;
    }
  }

  /** It is asked again soon, so nothing is waited for here. */
  private static Optional<String> awaited(Session session) throws SQLException {
    Optional<String> awaited = Acknowledgement.awaited(session, Duration.ZERO);
    session.within(LIMIT);
    return awaited;
  }

  private static boolean isWritable(Session session) throws SQLException {
    return session.row(WRITABLE).orElseThrow().containsValue("1");
  }

  private static List<Present> accounts(Session session) throws SQLException {
    var accounts = new ArrayList<Present>();
    for (Map<String, String> row : session.rows(ACCOUNTS)) {
      accounts.add(
          new Present(
              row.getOrDefault("user", ""),
              row.getOrDefault("host", ""),
              row.getOrDefault("second", "0").equals("1")));
    }
    return accounts;
  }

  /** Whether a server lets this login in. */
  static boolean takes(Login login) throws SQLException {
    try (Session session = Session.open(login, LOGIN)) {
      return true;
    } catch (SQLException e) {
      if (Failure.isAccessDenied(e)) {
        return false;
      }
      throw e;
    }
  }

  private static PluginException unanswered(SQLException e) {
    return PluginException.retryable(
        "the server can't be given its passwords: " + Failure.withoutText(e), e);
  }
}
