package io.upm.plugin.mysql.client;

import io.upm.spi.instance.Health;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server's state as names and values: facts that stay until something happens, and gauges that
 * always move.
 */
public final class HealthFacts {
  public static final String READ_ONLY = "readOnly";
  public static final String SUPER_READ_ONLY = "superReadOnly";
  public static final String SERVER_UUID = "serverUuid";
  public static final String VERSION = "version";
  public static final String REPLICA_IO = "replicaIo";
  public static final String REPLICA_SQL = "replicaSql";
  public static final String SOURCE_HOST = "sourceHost";
  public static final String SOURCE_PORT = "sourcePort";
  public static final String LAST_IO_ERROR = "lastIoError";
  public static final String LAST_SQL_ERROR = "lastSqlError";
  public static final String SEMI_SYNC_SOURCE = "semiSyncSource";
  public static final String SEMI_SYNC_REPLICA = "semiSyncReplica";
  public static final String LAG_SECONDS = "lagSeconds";
  public static final String GTID_EXECUTED = "gtidExecuted";

  private HealthFacts() {}

  /**
   * A server that answers.
   *
   * @param replicates whether it is one of several, and so has a role
   */
  public static Health of(ServerState state, boolean replicates) {
    return new Health(true, true, replicates ? role(state) : "", "", facts(state), gauges(state));
  }

  private static String role(ServerState state) {
    if (state.channel().filter(Channel::isActive).isPresent()) {
      return "replica";
    }
    return state.isOpen() ? "source" : "";
  }

  private static Map<String, String> facts(ServerState state) {
    var facts = new TreeMap<String, String>();
    facts.put(READ_ONLY, String.valueOf(state.readOnly()));
    facts.put(SUPER_READ_ONLY, String.valueOf(state.superReadOnly()));
    facts.put(SERVER_UUID, state.identity().uuid());
    facts.put(VERSION, state.identity().version());
    if (state.semiSync().loaded()) {
      facts.put(SEMI_SYNC_SOURCE, onOff(state.semiSync().sourceActive()));
      facts.put(SEMI_SYNC_REPLICA, onOff(state.semiSync().replicaActive()));
    }
    state.channel().ifPresent(channel -> channel(channel, facts));
    return facts;
  }

  private static void channel(Channel channel, Map<String, String> facts) {
    facts.put(REPLICA_IO, channel.receiver().word());
    facts.put(REPLICA_SQL, channel.applier() ? "Yes" : "No");
    facts.put(SOURCE_HOST, channel.source().host());
    facts.put(SOURCE_PORT, String.valueOf(channel.source().port()));
    if (channel.receiverError().present()) {
      facts.put(LAST_IO_ERROR, error(channel.receiverError()));
    }
    if (channel.applierError().present()) {
      facts.put(LAST_SQL_ERROR, error(channel.applierError()));
    }
  }

  private static Map<String, String> gauges(ServerState state) {
    var gauges = new TreeMap<String, String>();
    gauges.put(GTID_EXECUTED, state.gtids().executed().toString());
    state
        .channel()
        .ifPresent(channel ->
            channel.lagSeconds().ifPresent(lag -> gauges.put(LAG_SECONDS, String.valueOf(lag))));
    return gauges;
  }

  /** The number only: the text counts retries, and a fact must not move. */
  private static String error(Channel.Error error) {
    return "error " + error.code();
  }

  private static String onOff(boolean on) {
    return on ? "ON" : "OFF";
  }
}
