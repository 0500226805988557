package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Step;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/** The statements behind each step. Every one may be repeated. */
final class Changes {
  /**
   * The heartbeat fits the timeout in the template: a source whose node died says nothing, and a
   * replica that is idle must notice and connect to where it is served next.
   */
  private static final String CHANGE_SOURCE =
      """
      CHANGE REPLICATION SOURCE TO
        SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?, SOURCE_PASSWORD = ?,
        SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_SSL = ?,
        SOURCE_CONNECT_RETRY = 2, SOURCE_RETRY_COUNT = 0, SOURCE_HEARTBEAT_PERIOD = 2\
      """;

  private static final Set<String> SYSTEM_USERS = Set.of("system user", "event_scheduler");

  /** No such thread; not its owner; no privilege. */
  private static final Set<Integer> NOT_TO_BE_KILLED = Set.of(1094, 1095, 1227);

  private Changes() {}

  static void close(Session session, ServerState state) throws SQLException {
    // Includes read_only.
    session.run("SET GLOBAL super_read_only = ON");
  }

  static void open(Session session, ServerState state, Step step) throws SQLException {
    if (state.isOpen()) {
      return;
    }
    GtidSet decidedOn = GtidSet.parse(step.argument(Steps.GTIDS));
    if (!state.gtids().executed().contains(decidedOn)) {
      throw Act.changed(step, "it has lost transactions");
    }
    if (state.channel().filter(Channel::isActive).isPresent()) {
      throw Act.changed(step, "it replicates");
    }
    if (Boolean.parseBoolean(step.argument(Steps.SEMI_SYNC)) && !state.semiSync().sourceEnabled()) {
      throw Act.changed(step, "its commits would not wait for replicas");
    }
    // Includes super_read_only.
    session.run("SET GLOBAL read_only = OFF");
  }

  static void follow(Session session, ServerState state, Step step, Credential login)
      throws SQLException {
    requireClosed(state, step);
    if (Boolean.parseBoolean(step.argument(Steps.SEMI_SYNC))) {
      // Before the receiver connects: it tells the source then whether it acknowledges.
      session.run("SET GLOBAL rpl_semi_sync_replica_enabled = ON");
    }
    session.run("STOP REPLICA");
    session.run(
        CHANGE_SOURCE,
        step.argument(Steps.HOST),
        Integer.parseInt(step.argument(Steps.PORT)),
        login.user(),
        login.password().reveal(),
        Boolean.parseBoolean(step.argument(Steps.TLS)) ? 1 : 0);
    session.run("START REPLICA");
    if (Boolean.parseBoolean(step.argument(Steps.CUT))) {
      cutClients(session, login.user());
    }
  }

  /**
   * Ends the connections of clients, so that those who write connect anew, to the source. One that
   * is gone meanwhile, or that this account must not end, is left.
   */
  private static void cutClients(Session session, String own) throws SQLException {
    for (Map<String, String> row : session.rows("SHOW PROCESSLIST")) {
      String user = row.getOrDefault("user", "");
      boolean client =
          !user.equals(own)
              && !SYSTEM_USERS.contains(user)
              && !row.getOrDefault("command", "").startsWith("Binlog Dump");
      if (client) {
        try {
          session.run("KILL ?", Long.parseLong(row.getOrDefault("id", "0")));
        } catch (SQLException e) {
          if (!NOT_TO_BE_KILLED.contains(e.getErrorCode())) {
            throw e;
          }
        }
      }
    }
  }

  static void start(Session session, ServerState state, Step step) throws SQLException {
    requireClosed(state, step);
    Channel channel = state.channel().orElseThrow(() -> Act.changed(step, "it has no source"));
    boolean same =
        channel.source().host().equalsIgnoreCase(step.argument(Steps.HOST))
            && channel.source().port() == Integer.parseInt(step.argument(Steps.PORT));
    if (!same) {
      throw Act.changed(step, "it has another source");
    }
    // Clears the errors of a thread that runs, and of one that doesn't.
    session.run("START REPLICA");
  }

  static void forget(Session session, ServerState state) throws SQLException {
    if (state.channel().filter(channel -> !channel.isActive()).isPresent()) {
      session.run("RESET REPLICA ALL");
    }
  }

  static void semiSyncSource(Session session, boolean enabled) throws SQLException {
    session.run("SET GLOBAL rpl_semi_sync_source_enabled = ?", enabled ? 1 : 0);
  }

  static void semiSyncReplica(Session session, ServerState state, boolean enabled)
      throws SQLException {
    session.run("SET GLOBAL rpl_semi_sync_replica_enabled = ?", enabled ? 1 : 0);
    if (state.channel().filter(Channel::isActive).isPresent()) {
      // A receiver asks only once, when it connects.
      session.run("STOP REPLICA IO_THREAD");
      session.run("START REPLICA IO_THREAD");
    }
  }

  private static void requireClosed(ServerState state, Step step) {
    if (!state.isClosed()) {
      throw Act.changed(step, "it is writable");
    }
  }
}
