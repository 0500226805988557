package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The binary log of a server that runs. */
final class ServerLogs {
  private static final Pattern NAME = Pattern.compile("[\\w.-]+");

  private final Session session;

  ServerLogs(Session session) {
    this.session = session;
  }

  /** All transactions of the server. */
  GtidSet executed() throws SQLException {
    return session.executed();
  }

  /** Whether it is a replica, which does not know what its source has committed meanwhile. */
  boolean follows() throws SQLException {
    return session.row("SHOW REPLICA STATUS").isPresent();
  }

  /**
   * Completes the present file and lists those that are needed for what is not archived; if they
   * can't be, all that there are.
   *
   * @throws PluginException of kind USER when a file can't be read outside the server
   */
  LogFiles flush(GtidSet archived) throws SQLException {
    session.run("FLUSH NO_WRITE_TO_BINLOG BINARY LOGS");
    var files = new ArrayList<LogFile>();
    for (Map<String, String> row : session.rows("SHOW BINARY LOGS").reversed()) {
      String name = row.getOrDefault("log_name", "");
      if ("Yes".equals(row.get("encrypted"))) {
        throw PluginException.user(
            "binary log %s is encrypted by the server (binlog_encryption): it can't be archived"
                .formatted(name));
      }
      var file =
          new LogFile(name, Long.parseLong(row.getOrDefault("file_size", "0")), previous(name));
      files.addFirst(file);
      // The last one is that which is written.
      if (files.size() > 1 && archived.contains(file.previous())) {
        break;
      }
    }
    return LogFiles.of(List.copyOf(files));
  }

  private GtidSet previous(String name) throws SQLException {
    if (!NAME.matcher(name).matches()) {
      throw PluginException.internal("binary log \"%s\" has an odd name".formatted(name), null);
    }
    // Of the events at its beginning; a file name can't be bound here.
    return session.rows("SHOW BINLOG EVENTS IN '%s' LIMIT 3".formatted(name)).stream()
        .filter(row -> "Previous_gtids".equals(row.get("event_type")))
        .map(row -> GtidSet.parse(row.getOrDefault("info", "")))
        .findFirst()
        .orElseThrow(() ->
            PluginException.user(
                "binary log %s doesn't say which transactions were before it".formatted(name)));
  }
}
