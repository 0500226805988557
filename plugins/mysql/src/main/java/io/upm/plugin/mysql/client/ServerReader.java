package io.upm.plugin.mysql.client;

import io.upm.spi.engine.EngineVersion;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a server's state in four exchanges. Works with the privileges REPLICATION CLIENT alone, and
 * with the performance schema off.
 */
public final class ServerReader {
  private static final String OLDEST = "8.0.26";

  private static final String SELF =
      """
      SELECT @@global.server_uuid AS uuid, @@global.version AS version,
        @@global.read_only AS read_only, @@global.super_read_only AS super_read_only,
        @@global.gtid_mode AS gtid_mode, @@global.log_bin AS log_bin,
        @@global.gtid_executed AS executed, @@global.gtid_purged AS purged,
        NOW() AS clock\
      """;

  private static final String CHANNELS = "SHOW REPLICA STATUS";

  private static final String STATUS =
      "SHOW GLOBAL STATUS WHERE variable_name LIKE 'Rpl\\_semi\\_sync\\_%'"
          + " OR variable_name = 'Ssl_server_not_after'";

  private static final String SEMI_SYNC = "SHOW GLOBAL VARIABLES LIKE 'rpl\\_semi\\_sync\\_%'";

  /** How the server writes when an error happened, in its system time zone. */
  private static final DateTimeFormatter ERROR_TIME =
      DateTimeFormatter.ofPattern("yyMMdd H:mm:ss", Locale.ROOT);

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private ServerReader() {}

  /** The server is too old, or not MySQL, for UPM to manage. */
  public static final class UnsupportedServerException extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedServerException(String version) {
      super("it is MySQL %s, and replication is managed from %s on".formatted(version, OLDEST));
    }
  }

  /**
   * @throws SQLException when the server can't be asked
   * @throws UnsupportedServerException when it is too old
   */
  public static ServerState read(Session session) throws SQLException, UnsupportedServerException {
    session.run("SET SESSION time_zone = 'SYSTEM'");
    Map<String, String> self = session.row(SELF).orElseThrow();
    String version = self.getOrDefault("version", "");
    // What follows the first dash is about the build.
    if (EngineVersion.tryParse(version.replaceFirst("-.*", ""))
        .filter(known -> known.atLeast(OLDEST))
        .isEmpty()) {
      throw new UnsupportedServerException(version);
    }
    List<Map<String, String>> channels = session.rows(CHANNELS);
    Map<String, String> status = session.pairs(STATUS);
    Map<String, String> semiSync = session.pairs(SEMI_SYNC);
    Optional<Map<String, String>> own =
        channels.stream().filter(row -> field(row, "channel_name").isEmpty()).findFirst();
    LocalDateTime clock = LocalDateTime.parse(field(self, "clock"), CLOCK);
    return new ServerState(
        new ServerState.Identity(
            field(self, "uuid"),
            version,
            field(self, "gtid_mode").equals("ON"),
            field(self, "log_bin").equals("1"),
            !field(status, "ssl_server_not_after").isEmpty()),
        field(self, "read_only").equals("1"),
        field(self, "super_read_only").equals("1"),
        new ServerState.Gtids(
            GtidSet.parse(field(self, "executed")), GtidSet.parse(field(self, "purged"))),
        own.map(row -> channel(row, clock)),
        channels.size() - (own.isPresent() ? 1 : 0),
        semiSync(semiSync, status));
  }

  private static ServerState.SemiSync semiSync(
      Map<String, String> variables, Map<String, String> status) {
    if (!variables.containsKey("rpl_semi_sync_source_enabled")
        || !variables.containsKey("rpl_semi_sync_replica_enabled")) {
      return ServerState.SemiSync.NONE;
    }
    return new ServerState.SemiSync(
        true,
        field(variables, "rpl_semi_sync_source_enabled").equals("ON"),
        field(status, "rpl_semi_sync_source_status").equals("ON"),
        (int) number(field(status, "rpl_semi_sync_source_clients")).orElse(0),
        (int) number(field(status, "rpl_semi_sync_source_wait_sessions")).orElse(0),
        (int) number(field(variables, "rpl_semi_sync_source_wait_for_replica_count")).orElse(1),
        field(variables, "rpl_semi_sync_replica_enabled").equals("ON"),
        field(status, "rpl_semi_sync_replica_status").equals("ON"));
  }

  private static Channel channel(Map<String, String> row, LocalDateTime clock) {
    return new Channel(
        new Channel.Upstream(
            field(row, "source_host"),
            (int) number(field(row, "source_port")).orElse(0),
            field(row, "source_user"),
            field(row, "auto_position").equals("1")),
        Channel.Receiver.of(field(row, "replica_io_running")),
        field(row, "replica_sql_running").equals("Yes"),
        GtidSet.parse(field(row, "retrieved_gtid_set")),
        number(field(row, "seconds_behind_source")),
        error(row, "last_io", clock),
        error(row, "last_sql", clock));
  }

  private static Channel.Error error(Map<String, String> row, String which, LocalDateTime clock) {
    int code = (int) number(field(row, which + "_errno")).orElse(0);
    if (code == 0) {
      return Channel.Error.NONE;
    }
    return new Channel.Error(
        code,
        Failure.shortened(field(row, which + "_error")),
        age(field(row, which + "_error_timestamp"), clock));
  }

  private static long age(String time, LocalDateTime clock) {
    try {
      return Math.max(
          0, Duration.between(LocalDateTime.parse(time.strip(), ERROR_TIME), clock).toSeconds());
    } catch (DateTimeException e) {
      // Long enough ago for whoever waits for it.
      return Long.MAX_VALUE;
    }
  }

  private static OptionalLong number(String text) {
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private static String field(Map<String, String> row, String name) {
    return row.getOrDefault(name, "");
  }
}
