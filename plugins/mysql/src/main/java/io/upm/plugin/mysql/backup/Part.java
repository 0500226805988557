package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.client.Sql;
import io.upm.spi.PluginException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One database of a server, or some of its tables.
 *
 * @param database its name
 * @param tables names of tables; empty for all that is in the database
 */
record Part(String database, List<String> tables) {
  /** How a backup of it is made, as its manifest says. */
  static final String METHOD = "database-backup";

  /** Of a manifest's position: the database. */
  static final String DATABASE = "database";

  /** What new tables of the database are stored as. */
  static final String CHARACTER_SET = "characterSet";

  static final String COLLATION = "collation";

  /** Number of its tables; there only when it isn't all of the database. */
  static final String TABLES = "tables";

  /**
   * Folder of such backups, beside those that a restore of a whole server begins or goes on with.
   */
  private static final String FOLDER = "databases";

  Part {
    tables = List.copyOf(tables);
  }

  /**
   * What the parameters mean; empty when the whole server is meant.
   *
   * @throws PluginException of kind USER when they contradict each other
   */
  static Optional<Part> of(
      @Nullable String type, @Nullable String database, @Nullable List<String> tables) {
    List<String> named = tables == null ? List.of() : tables;
    String name = database == null ? "" : database;
    String meant = name.isEmpty() ? "full" : named.isEmpty() ? "database" : "table";
    if (name.isEmpty() && !named.isEmpty()) {
      throw Place.wrong("database", database, "the database that the tables are in");
    }
    if (!WantedEncoding.said(type, meant).equals(meant)) {
      throw Place.wrong("backupType", type, allowed(meant));
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(new Part(name, named));
  }

  private static String allowed(String meant) {
    return switch (meant) {
      case "full" ->
          "full, or \"database\" with the parameter database, or \"table\" with that and tables; for"
              + " what follows on a full one there is binlog-backup";
      case "database" -> "database, as there are no tables given";
      default -> "table, as there are tables given";
    };
  }

  /** Where its backups are. */
  static Place folder(Place set) {
    return set.below(FOLDER);
  }

  /**
   * What is to be known of it to make it again.
   *
   * @throws PluginException of kind USER when it isn't there
   */
  Map<String, String> facts(Session server) throws SQLException {
    if (database.matches(Sql.SERVERS_OWN)) {
      throw Place.wrong("database", database, "a database that isn't the server's own");
    }
    Map<String, String> schema =
        server
            .rows(
                "SELECT default_character_set_name AS charset, default_collation_name AS collation"
                    + " FROM information_schema.schemata WHERE schema_name = ?",
                database)
            .stream()
            .findFirst()
            .orElseThrow(() -> Place.wrong("database", database, "a database of this server"));
    var facts = new LinkedHashMap<String, String>();
    facts.put(DATABASE, database);
    facts.put(CHARACTER_SET, schema.get("charset"));
    facts.put(COLLATION, schema.get("collation"));
    if (!tables.isEmpty()) {
      for (String table : tables) {
        check(table, server);
      }
      facts.put(TABLES, String.valueOf(tables.size()));
    }
    return facts;
  }

  private void check(String table, Session server) throws SQLException {
    boolean there =
        !server
            .rows(
                "SELECT 1 AS found FROM information_schema.tables"
                    + " WHERE table_schema = ? AND table_name = ?",
                database,
                table)
            .isEmpty();
    if (!there) {
      throw Place.wrong("tables", table, "a table of " + database);
    }
  }

  /** Size of its tables; a dump is about as large. */
  long bytes(Session server) throws SQLException {
    long sum = 0;
    for (Map<String, String> row :
        server.rows(
            "SELECT table_name AS name, COALESCE(data_length, 0) AS bytes"
                + " FROM information_schema.tables WHERE table_schema = ?",
            database)) {
      if (tables.isEmpty() || tables.contains(row.get("name"))) {
        sum += Long.parseLong(row.get("bytes"));
      }
    }
    return sum;
  }

  /** What to dump, as the program's arguments. Without its name: it can come back under another. */
  List<String> arguments() {
    var arguments = new ArrayList<String>();
    // Of no use to a server with a history of its own; and without it what is loaded is written to
    // the binary log, so that replicas have it, too.
    arguments.add("--set-gtid-purged=OFF");
    if (tables.isEmpty()) {
      arguments.addAll(List.of("--routines", "--events"));
    }
    arguments.add("--");
    arguments.add(database);
    arguments.addAll(tables);
    return arguments;
  }
}
