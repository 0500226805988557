package io.upm.plugin.mysql.action;

import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.client.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A table of a user's. */
record CheckedTable(String schema, String name) {
  private static final String OURS =
      "SELECT table_schema AS db, table_name AS name FROM information_schema.tables"
          + " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN"
          + " ('mysql', 'sys', 'information_schema', 'performance_schema', 'ndbinfo')"
          + " ORDER BY table_schema, table_name";

  static List<CheckedTable> all(Session session) throws SQLException {
    return session.rows(OURS).stream()
        .map(row -> new CheckedTable(row.getOrDefault("db", ""), row.getOrDefault("name", "")))
        .toList();
  }

  /**
   * Has the server read all of it, indexes included.
   *
   * @return what is wrong; empty when nothing is, or its engine can't tell
   */
  Optional<String> check(Session session) throws SQLException {
    // One row for each finding, and the last one says how it is as a whole; of an engine that can't
    // check, a note (manual, 15.7.3.2).
    return session.rows("CHECK TABLE " + quoted()).stream()
        .filter(CheckedTable::isBad)
        .map(row -> row.getOrDefault("msg_text", ""))
        .reduce((one, other) -> one + "; " + other);
  }

  long rows(Session session) throws SQLException {
    return session
        .row("SELECT COUNT(*) AS number FROM " + quoted())
        .map(row -> Long.parseLong(row.get("number")))
        .orElse(0L);
  }

  private static boolean isBad(Map<String, String> row) {
    String text = row.getOrDefault("msg_text", "");
    return switch (row.getOrDefault("msg_type", "").toLowerCase(Locale.ROOT)) {
      case "error", "warning" -> true;
      case "status" -> !text.equals("OK") && !text.contains("up to date");
      default -> false;
    };
  }

  private String quoted() {
    return Sql.quoted(schema) + "." + Sql.quoted(name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
