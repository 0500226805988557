package io.upm.plugin.mysql.provision;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.client.Sql;
import io.upm.plugin.mysql.client.WritableServer;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.ProvisionDescriptor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One user in a server, who is given what differs from what is declared, and nothing else. */
final class ServerUser {
  private static final String ACCOUNT =
      """
      SELECT plugin, HEX(authentication_string) AS kept,
        COALESCE(JSON_CONTAINS_PATH(user_attributes, 'one', '$.additional_password'), 0) AS second
      FROM mysql.user WHERE user = ? AND host = ?\
      """;

  private static final String PRIVILEGES =
      """
      SELECT table_schema AS place, privilege_type AS privilege, is_grantable AS hands_on
      FROM information_schema.schema_privileges WHERE grantee = CONCAT(QUOTE(?), '@', QUOTE(?))\
      """;

  /** With partial revokes the names of databases in privileges are no patterns. */
  private static final String LITERAL = "SELECT @@GLOBAL.partial_revokes AS literal";

  private final Session session;
  private final ApplyUser.Wanted wanted;
  private final Consumer<String> log;
  private final List<String> done = new ArrayList<>();
  private final Map<String, String> values = new TreeMap<>();
  private boolean writes;

  /** What a password needs on a server that takes writes. */
  enum PasswordStep {
    /** There is no such user yet. */
    CREATE,
    /** It is as it is declared. */
    KEEP,
    /** Another one, and the present one stays taken beside it. */
    SET_BESIDE,
    /** Another one; there is none to be kept. */
    SET_ALONE
  }

  /**
   * @param log takes what is changed
   */
  ServerUser(Session session, ApplyUser.Wanted wanted, Consumer<String> log) {
    this.session = session;
    this.wanted = wanted;
    this.log = log;
  }

  ActionResult apply(Password password) throws SQLException {
    Optional<Map<String, String>> account =
        session.rows(ACCOUNT, wanted.name(), wanted.host()).stream().findFirst();
    PasswordStep step = step(account.map(ServerUser::stored), password);
    identify(step, password);
    boolean second = account.filter(row -> row.getOrDefault("second", "0").equals("1")).isPresent();
    if (wanted.discardsFormer() && step == PasswordStep.KEEP && second) {
      write("ALTER USER ?@? DISCARD OLD PASSWORD", wanted.name(), wanted.host());
      done.add("its former password is taken no longer");
    } else if (second || step == PasswordStep.SET_BESIDE) {
      // Also one that was kept by an attempt whose result nobody knows.
      values.put(ProvisionDescriptor.FORMER_KEPT, "true");
    }
    grant();
    values.put("account", wanted.name() + "@" + wanted.host());
    return new ActionResult(
        "user %s@%s: %s"
            .formatted(
                wanted.name(),
                wanted.host(),
                done.isEmpty() ? "is as it is declared" : String.join("; ", done)),
        values);
  }

  /** What its password needs. Pure. */
  static PasswordStep step(Optional<StoredPassword> stored, Password password) {
    if (stored.isEmpty()) {
      return PasswordStep.CREATE;
    }
    boolean same =
        stored
            .get()
            .isOf(password)
            .orElseThrow(() ->
                PluginException.user(
                    "the user is there, and logs in by %s, which knows no password: drop it first"
                        .formatted(stored.get().plugin())));
    if (same) {
      return PasswordStep.KEEP;
    }
    return stored.get().kept().length == 0 ? PasswordStep.SET_ALONE : PasswordStep.SET_BESIDE;
  }

  private static StoredPassword stored(Map<String, String> row) {
    return new StoredPassword(
        row.getOrDefault("plugin", ""), HexFormat.of().parseHex(row.getOrDefault("kept", "")));
  }

  private void identify(PasswordStep step, Password password) throws SQLException {
    String statement =
        switch (step) {
          case KEEP -> "";
          case CREATE -> "CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ?";
          case SET_BESIDE -> "ALTER USER ?@? IDENTIFIED BY ? RETAIN CURRENT PASSWORD";
          case SET_ALONE -> "ALTER USER ?@? IDENTIFIED BY ?";
        };
    if (statement.isEmpty()) {
      return;
    }
    try {
      write(statement, wanted.name(), wanted.host(), password.reveal());
    } catch (SQLException e) {
      if (Failure.isPasswordNotAllowed(e)) {
        throw PluginException.user(
            "the server's password policy does not allow the password of \"%s\" (error %d)"
                .formatted(wanted.name(), e.getErrorCode()));
      }
      throw e;
    }
    done.add(step == PasswordStep.CREATE ? "is made" : "has another password");
  }

  /** What is missing is given before what is too much is taken: nobody is refused in between. */
  private void grant() throws SQLException {
    Map<String, Set<String>> present =
        GrantChange.present(session.rows(PRIVILEGES, wanted.name(), wanted.host()));
    boolean literal = session.row(LITERAL).orElseThrow().containsValue("1");
    for (GrantChange change : GrantChange.between(present, wanted.privileges(literal))) {
      if (!change.granted().isEmpty()) {
        change("GRANT", change.pattern(), GrantChange.list(change.granted()), "TO");
      }
      if (!change.revoked().isEmpty()) {
        change("REVOKE", change.pattern(), GrantChange.list(change.revoked()), "FROM");
      }
    }
  }

  private void change(String verb, String pattern, String privileges, String preposition)
      throws SQLException {
    write(
        "%s %s ON %s.* %s ?@?".formatted(verb, privileges, Sql.quoted(pattern), preposition),
        wanted.name(),
        wanted.host());
    log.accept("%s %s ON %s".formatted(verb, privileges, pattern));
    done.add(
        "%s privileges in %s"
            .formatted(verb.equals("GRANT") ? "is given" : "loses", pattern.replace("\\_", "_")));
  }

  private void write(String sql, Object... bound) throws SQLException {
    if (!writes) {
      WritableServer.awaitReplicas(session);
      writes = true;
    }
    session.run(sql, bound);
  }
}
