package io.upm.plugin.mysql.account;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;

/** A session of the administrator while it isn't known which of its passwords the server takes. */
final class Administrator {
  private Administrator() {}

  /**
   * @param passwords in which order they are tried
   * @throws PluginException of kind USER when the server takes none of them
   */
  static Session session(Instance instance, Duration limit, Accounts... passwords)
      throws SQLException {
    String user = instance.user(MysqlEngine.ADMIN);
    var known = new LinkedHashSet<Password>();
    for (Accounts some : passwords) {
      some.password(user).ifPresent(known::add);
    }
    for (Password password : known) {
      try {
        return Session.open(Login.local(instance, user, password), limit);
      } catch (SQLException e) {
        if (!Failure.isAccessDenied(e)) {
          throw e;
        }
      }
    }
    throw PluginException.user(
        "the server refuses \"%s\" with what the Secret says and with what it said: set the key"
                .formatted(user)
            + " to the password that the account has");
  }
}
