package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.ReplicationPassword;
import io.upm.plugin.mysql.client.ServerReader;
import io.upm.plugin.mysql.client.ServerReader.UnsupportedServerException;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Carries out one step, after a look at whether what it was decided on still holds. */
final class Act {
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** Within the limit, so that what is wrong can still be told. */
  private static final Duration SESSION = Duration.ofSeconds(18);

  /** Within that, so that the server gives up before the session does. */
  private static final int LOCK_WAIT_SECONDS = 10;

  private final Nodes nodes;
  private final Credential management;
  private final Credential replication;

  private Act(Nodes nodes) {
    this.nodes = nodes;
    this.management = nodes.credential(Credentials.MANAGEMENT);
    this.replication = nodes.credential(Credentials.REPLICATION);
  }

  static void act(Step step, Nodes nodes) {
    var act = new Act(nodes);
    switch (step.kind()) {
      case Steps.OPEN -> act.open(step);
      case Steps.FOLLOW -> act.follow(step);
      default -> act.alter(step, act.change(step));
    }
  }

  /** What is done on the step's server, in one session. */
  @FunctionalInterface
  interface Change {
    void on(Session session, ServerState state) throws SQLException;
  }

  private Change change(Step step) {
    return switch (step.kind()) {
      case Steps.CLOSE -> Changes::close;
      case Steps.START -> (session, state) -> Changes.start(session, state, step);
      case Steps.STOP -> (session, state) -> session.run("STOP REPLICA");
      case Steps.FORGET -> Changes::forget;
      case Steps.SEMI_SYNC_SOURCE ->
          (session, state) -> Changes.semiSyncSource(session, enabled(step));
      case Steps.SEMI_SYNC_REPLICA ->
          (session, state) -> Changes.semiSyncReplica(session, state, enabled(step));
      default -> throw PluginException.internal("there is no step \"" + step.kind() + "\"", null);
    };
  }

  /**
   * The last look before somebody becomes writable is at everybody else. Those that don't answer
   * were weighed when the step was decided.
   */
  private void open(Step step) {
    List<String> writable =
        nodes.readAll(Observe.LIMIT, this::read).entrySet().stream()
            .filter(entry -> !entry.getKey().equals(step.node()))
            .filter(
                entry -> entry.getValue().value().filter(state -> !state.isClosed()).isPresent())
            .map(Map.Entry::getKey)
            .toList();
    if (!writable.isEmpty()) {
      throw changed(step, "%s is writable".formatted(String.join(", ", writable)));
    }
    alter(step, (session, state) -> Changes.open(session, state, step));
  }

  private void follow(Step step) {
    ServerState replica = nodes.on(step.node(), Observe.LIMIT, this::read);
    ServerState source = nodes.on(step.argument(Steps.SOURCE), Observe.LIMIT, this::read);
    if (!source.identity().uuid().equals(step.argument(Steps.SOURCE_UUID))) {
      throw changed(step, "the source is another server");
    }
    if (!source.gtids().executed().contains(replica.received())) {
      throw changed(step, "it has transactions that the source lacks");
    }
    Credential login =
        nodes.on(
            step.argument(Steps.SOURCE),
            Observe.LIMIT,
            node -> Logins.taken(node.endpoint(), replication, Observe.SESSION));
    ReplicationPassword.check(login.user(), login.password());
    alter(step, (session, state) -> Changes.follow(session, state, step, login));
  }

  private void alter(Step step, Change change) {
    nodes.on(
        step.node(),
        LIMIT,
        node -> {
          try (Session session = session(node)) {
            session.run("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
            ServerState state = ServerReader.read(session);
            if (!state.identity().uuid().equals(step.argument(Steps.UUID))) {
              throw changed(step, "it is another server");
            }
            change.on(session, state);
            return true;
          } catch (SQLException e) {
            throw PluginException.retryable(
                "%s of %s failed: %s".formatted(step.kind(), step.node(), Failure.withoutText(e)),
                null);
          }
        });
  }

  private ServerState read(Node node) throws SQLException, UnsupportedServerException {
    try (Session session = session(node)) {
      return ServerReader.read(session);
    }
  }

  private Session session(Node node) throws SQLException {
    return Logins.session(node.endpoint(), management, SESSION);
  }

  private static boolean enabled(Step step) {
    return Boolean.parseBoolean(step.argument(Steps.ENABLED));
  }

  static PluginException changed(Step step, String how) {
    return PluginException.retryable(
        "%s of %s is not done: %s by now".formatted(step.kind(), step.node(), how), null);
  }
}
