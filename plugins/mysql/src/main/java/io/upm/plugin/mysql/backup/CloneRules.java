package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.PluginException;
import org.jspecify.annotations.Nullable;

/** What can be copied by the server's own clone. Pure. */
final class CloneRules {
  /**
   * The first table, with its engine, that comes back empty: only what InnoDB has is copied
   * (manual, 7.6.7.14). Empty when there is none; tables in memory are as empty after each restart,
   * and of the others on the list the data are elsewhere or none.
   */
  static final String NOT_COPIED =
      "SELECT COALESCE(MIN(CONCAT(table_schema, '.', table_name, ' (', engine, ')')), '') AS found"
          + " FROM information_schema.tables"
          + " WHERE engine NOT IN ('InnoDB', 'MEMORY', 'BLACKHOLE', 'FEDERATED', 'MRG_MYISAM')"
          + " AND table_schema NOT IN"
          + " ('mysql', 'sys', 'information_schema', 'performance_schema', 'ndbcluster')";

  /** Size of what is copied. */
  static final String BYTES =
      "SELECT COALESCE(SUM(file_size), 0) AS bytes FROM information_schema.innodb_tablespaces";

  /** What is written while the copy is made comes on top of it, and in the server's own files. */
  private static final long LEAST_RESERVE = 128 << 20;

  private CloneRules() {}

  /**
   * @param bytes size of the server's tablespaces
   * @param free what the volume has free
   * @throws PluginException of kind USER when there is no room for a copy
   */
  static void checkRoom(long bytes, long free) {
    long needed = bytes + Math.max(LEAST_RESERVE, bytes / 10);
    if (free < needed) {
      throw PluginException.user(
          "the data volume has %d MiB free; a physical-backup needs %d MiB there for a copy of the"
                  .formatted(free >> 20, needed >> 20)
              + " data and what is written meanwhile: grow the volume, or take a logical-backup");
    }
  }

  /**
   * A server's files hold the password that it replicates with, readable, as no dump does.
   *
   * @throws PluginException of kind USER when they would be stored so
   */
  static void checkEncrypted(@Nullable String encryption, boolean encrypted, String mode) {
    if (!encrypted && MysqlEngine.replicates(mode)) {
      throw Place.wrong(
          "encryption",
          encryption,
          "AES256: the files of a server that replicates hold the password for that");
    }
  }

  /**
   * @param found what {@link #NOT_COPIED} finds
   * @throws PluginException of kind USER when that is something
   */
  static void checkEngines(String found) {
    if (!found.isEmpty()) {
      throw PluginException.user(
          "table %s is not InnoDB's, and would be empty in a copy: take a logical-backup, or"
                  .formatted(found)
              + " ALTER TABLE … ENGINE=InnoDB");
    }
  }
}
