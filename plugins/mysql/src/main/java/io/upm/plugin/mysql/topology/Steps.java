package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Member;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.Step;
import java.util.HashMap;
import java.util.Map;

/** The changes that can be made to one server, as data; {@link Act} carries them out. */
final class Steps {
  /** Nobody may write any more. */
  static final String CLOSE = "set-read-only";

  /** Clients may write. */
  static final String OPEN = "open-for-writes";

  /** Replicate from the source, by GTID. */
  static final String FOLLOW = "follow";

  /** Start replication as it is set up. */
  static final String START = "start-replication";

  /** Stop replication, and keep how it is set up. */
  static final String STOP = "stop-replication";

  /** Drop how replication is set up, on a server that is to be the source. */
  static final String FORGET = "forget-source";

  /** Let commits wait for replicas, or not. */
  static final String SEMI_SYNC_SOURCE = "semi-sync-source";

  /** Acknowledge what is received, or not. */
  static final String SEMI_SYNC_REPLICA = "semi-sync-replica";

  /** The server that the step was decided for; another one at the same place is left alone. */
  static final String UUID = "serverUuid";

  static final String SOURCE = "source";
  static final String SOURCE_UUID = "sourceUuid";
  static final String HOST = "sourceHost";
  static final String PORT = "sourcePort";
  static final String TLS = "tls";
  static final String ENABLED = "enabled";
  static final String SEMI_SYNC = "semiSync";
  static final String GTIDS = "gtidExecuted";

  /** Whether clients are to connect anew, as they came to a server that took writes. */
  static final String CUT = "cutClients";

  private Steps() {}

  static Step close(Known server, String reason) {
    return step(CLOSE, server, Map.of(), reason);
  }

  static Step open(Known server, boolean semiSync, String reason) {
    return step(
        OPEN,
        server,
        Map.of(
            SEMI_SYNC, String.valueOf(semiSync),
            GTIDS, server.state().gtids().executed().toString()),
        reason);
  }

  static Step follow(Known replica, Known source, boolean semiSync, String reason) {
    Map<String, String> arguments = upstream(source);
    arguments.put(SOURCE_UUID, source.state().identity().uuid());
    arguments.put(TLS, String.valueOf(source.state().identity().tls()));
    arguments.put(SEMI_SYNC, String.valueOf(semiSync && replica.state().semiSync().loaded()));
    arguments.put(CUT, String.valueOf(replica.state().channel().isEmpty()));
    return step(FOLLOW, replica, arguments, reason);
  }

  static Step start(Known replica, Known source, String reason) {
    return step(START, replica, upstream(source), reason);
  }

  static Step stop(Known replica, String reason) {
    return step(STOP, replica, Map.of(), reason);
  }

  static Step forget(Known server, String reason) {
    return step(FORGET, server, Map.of(), reason);
  }

  static Step semiSyncSource(Known server, boolean enabled, String reason) {
    return step(SEMI_SYNC_SOURCE, server, Map.of(ENABLED, String.valueOf(enabled)), reason);
  }

  static Step semiSyncReplica(Known replica, boolean enabled, String reason) {
    return step(SEMI_SYNC_REPLICA, replica, Map.of(ENABLED, String.valueOf(enabled)), reason);
  }

  private static Map<String, String> upstream(Known source) {
    Member member = source.member();
    var arguments = new HashMap<String, String>();
    arguments.put(SOURCE, member.name());
    arguments.put(HOST, member.host());
    arguments.put(PORT, String.valueOf(member.port()));
    return arguments;
  }

  private static Step step(
      String kind, Known server, Map<String, String> arguments, String reason) {
    var all = new HashMap<>(arguments);
    all.put(UUID, server.state().identity().uuid());
    return new Step(kind, server.name(), all, reason);
  }
}
