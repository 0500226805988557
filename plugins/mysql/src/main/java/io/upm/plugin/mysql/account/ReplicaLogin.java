package io.upm.plugin.mysql.account;

import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.instance.Accounts;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * The password that a replica keeps for logging in to its source. It can only be read beside the
 * server, so it is from there that it is changed; where a replica replicates from, and whether, is
 * not decided here.
 */
final class ReplicaLogin {
  private static final String CHANNEL =
      "SELECT host, port, user_name, user_password FROM mysql.slave_master_info"
          + " WHERE channel_name = ''";

  private static final String RECEIVER = "SHOW REPLICA STATUS FOR CHANNEL ''";

  private final Session session;

  ReplicaLogin(Session session) {
    this.session = session;
  }

  /**
   * Has the replica log in with the present password from now on, if its source takes that one.
   *
   * @return empty when it does so, or does not replicate; otherwise what that waits for
   */
  Optional<String> moveTo(Accounts accounts, String user) throws SQLException {
    Optional<Password> wanted = accounts.password(user);
    Optional<Map<String, String>> channel = session.row(CHANNEL);
    if (wanted.isEmpty()
        || channel.isEmpty()
        || !channel.get().getOrDefault("user_name", "").equals(user)
        || channel.get().getOrDefault("user_password", "").equals(wanted.get().reveal())) {
      return Optional.empty();
    }
    String host = channel.get().getOrDefault("host", "");
    int port = Integer.parseInt(channel.get().getOrDefault("port", "0"));
    if (!LivePasswords.takes(new Login(host, port, user, wanted.get()))) {
      return Optional.of(
          "the source %s does not take the new password of \"%s\" yet".formatted(host, user));
    }
    change(wanted.get());
    return Optional.empty();
  }

  /**
   * Only a receiver that runs is started again: one that somebody stopped stays so. What it has
   * received is kept, and the applier goes on.
   */
  private void change(Password wanted) throws SQLException {
    boolean runs =
        session
            .row(RECEIVER)
            .filter(row -> !row.getOrDefault("replica_io_running", "No").equals("No"))
            .isPresent();
    session.run("STOP REPLICA IO_THREAD FOR CHANNEL ''");
    try {
      session.run(
          "CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = ? FOR CHANNEL ''", wanted.reveal());
    } finally {
      if (runs) {
        session.run("START REPLICA IO_THREAD FOR CHANNEL ''");
      }
    }
  }
}
