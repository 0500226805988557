package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.ServerReader;
import io.upm.plugin.mysql.client.ServerReader.UnsupportedServerException;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.Reading;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads all servers side by side. */
final class Observe {
  static final Duration LIMIT = Duration.ofSeconds(5);

  /** Within the limit, so that what is wrong can still be told. */
  static final Duration SESSION = Duration.ofSeconds(4);

  private static final String EXECUTED = "SELECT @@global.gtid_executed AS executed";

  private final Nodes nodes;
  private final Credential credential;
  private final String preferred;

  private Observe(Nodes nodes, String preferred) {
    this.nodes = nodes;
    this.credential = nodes.credential(Credentials.MANAGEMENT);
    this.preferred = preferred;
  }

  static Observation observe(MysqlReplicationSpec spec, Nodes nodes) {
    return new Observe(nodes, spec.source().name()).run();
  }

  private Observation run() {
    Map<String, Reading<ServerState>> first = nodes.readAll(LIMIT, this::read);
    var readings = new LinkedHashMap<String, Reading<ServerState>>();
    first.forEach((name, reading) ->
        readings.put(
            name,
            reading
                .value()
                .filter(state -> mayTakeWrites(name, state) && isBehind(state, first.values()))
                .map(state -> again(name, state, reading))
                .orElse(reading)));
    return new Observation(nodes.now(), readings);
  }

  private ServerState read(Node node) throws UnreadableException {
    try (Session session = session(node)) {
      return ServerReader.read(session);
    } catch (SQLException | UnsupportedServerException e) {
      throw new UnreadableException(
          e instanceof SQLException ? Failure.sentence(e) : String.valueOf(e.getMessage()));
    }
  }

  /**
   * Servers are read at the same time, so a replica may have been a moment later than its source
   * and show a transaction that the source seems to lack. What a server that takes writes, or is
   * meant to, has executed is therefore read again after all others: what it lacks then, it lacks.
   */
  private Reading<ServerState> again(String name, ServerState state, Reading<ServerState> before) {
    try {
      GtidSet executed = nodes.on(name, LIMIT, this::executed);
      return Reading.of(state.withExecuted(executed), nodes.now());
    } catch (PluginException e) {
      // What was read a moment ago still stands; at worst a replica seems to be ahead for one look,
      // and is left alone until the next.
      return before;
    }
  }

  private boolean mayTakeWrites(String name, ServerState state) {
    return !state.isClosed() || name.equals(preferred);
  }

  private static boolean isBehind(ServerState state, Collection<Reading<ServerState>> all) {
    return all.stream()
        .flatMap(reading -> reading.value().stream())
        .anyMatch(other -> !state.gtids().executed().contains(other.received()));
  }

  private GtidSet executed(Node node) throws UnreadableException {
    try (Session session = session(node)) {
      return GtidSet.parse(session.row(EXECUTED).orElseThrow().getOrDefault("executed", ""));
    } catch (SQLException e) {
      throw new UnreadableException(Failure.sentence(e));
    }
  }

  private Session session(Node node) throws SQLException {
    return Logins.session(node.endpoint(), credential, SESSION);
  }

  /** Why a server is unknown, without the driver's own words, which may hold anything. */
  private static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }
}
