package io.upm.plugin.mysql.backup;

import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding.Compression;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Backups that would be stored. Times are minutes after {@link #BEGAN}. */
final class Backups {
  static final Instant BEGAN = Instant.parse("2026-11-22T10:00:00Z");
  static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  static final String B = "4a6f3b1c-0000-11ee-8000-0242ac120002";

  private Backups() {}

  static Instant minute(int minutes) {
    return BEGAN.plusSeconds(60L * minutes);
  }

  static Archived full(int ended, String gtids) {
    return archived(
        LogicalBackup.NAME, ended, Map.of(LogicalBackup.GTID_SET, gtids), minute(ended));
  }

  /** One whose last transaction was committed a minute before it was made. */
  static Archived link(int made, String base, String gtids) {
    var position = new HashMap<String, String>();
    position.put(Archived.GTID_BASE, base);
    position.put(LogicalBackup.GTID_SET, gtids);
    position.put(Archived.FROM, BEGAN.toString());
    position.put(Archived.UNTIL, minute(made).toString());
    if (!base.equals(gtids)) {
      position.put(Archived.LAST, minute(made - 1).toString());
    }
    return archived(BinlogBackup.NAME, made, position, minute(made));
  }

  private static Archived archived(
      String method, int minutes, Map<String, String> position, Instant ended) {
    return new Archived(
        Place.of("source", "s3://backups/apps/db/%03d-db-0/".formatted(minutes)),
        new BackupManifest(
            BackupManifest.FORMAT,
            "mysql",
            "8.4.5",
            method,
            "apps",
            "db",
            "db-0",
            ended.toString(),
            ended.toString(),
            position,
            Compression.ZSTD,
            "",
            List.of()));
  }
}
