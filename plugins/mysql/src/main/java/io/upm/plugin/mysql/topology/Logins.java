package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Endpoint;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sessions with servers that may not have been given the Secret's present passwords yet. */
final class Logins {
  private Logins() {}

  /** With the first password that the server takes, the present one before former ones. */
  static Session session(Endpoint endpoint, Credential credential, Duration limit)
      throws SQLException {
    return open(endpoint, credential, limit).session();
  }

  /**
   * The same credential, with the password that the server takes. Without former ones there is
   * nothing to find out, from where the account may not even be allowed to log in.
   */
  static Credential taken(Endpoint endpoint, Credential credential, Duration limit)
      throws SQLException {
    if (credential.former().isEmpty()) {
      return credential;
    }
    Opened opened = open(endpoint, credential, limit);
    opened.session().close();
    return new Credential(credential.user(), opened.password());
  }

  private record Opened(Session session, Password password) {}

  private static Opened open(Endpoint endpoint, Credential credential, Duration limit)
      throws SQLException {
    long end = System.nanoTime() + limit.toNanos();
    List<Password> all = new ArrayList<>(List.of(credential.password()));
    all.addAll(credential.former());
    SQLException refused = null;
    for (Password password : all) {
      var login = new Login(endpoint.host(), endpoint.port(), credential.user(), password);
      try {
        Duration left = refused == null ? limit : Duration.ofNanos(end - System.nanoTime());
        return new Opened(Session.open(login, left), password);
      } catch (SQLException e) {
        if (!Failure.isAccessDenied(e)) {
          throw e;
        }
        refused = refused == null ? e : refused;
      }
    }
    throw refused == null ? new SQLException("there is no password") : refused;
  }
}
