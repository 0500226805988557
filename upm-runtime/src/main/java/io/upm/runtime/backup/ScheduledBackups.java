package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.Names;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The backups that a schedule makes. Pure. They don't belong to it: they stay when it is deleted,
 * and one of the same name goes on where it was.
 */
final class ScheduledBackups {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyyMMddHHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ScheduledBackups() {}

  /** The one for a time; always of the same name. */
  static Backup backup(BackupSchedule schedule, Instant time) {
    var backup = new Backup();
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName(schedule.getMetadata().getName() + "-" + MINUTE.format(time))
            .withNamespace(schedule.getMetadata().getNamespace())
            .withLabels(Map.of(Names.LABEL_BACKUP_SCHEDULE, schedule.getMetadata().getName()))
            .withAnnotations(Map.of(Names.ANNOTATION_SCHEDULED, time.toString()))
            .build());
    backup.setSpec(schedule.getSpec().backup());
    return backup;
  }

  /** The time that one was made for. */
  static Optional<Instant> time(Backup backup) {
    Map<String, String> annotations = backup.getMetadata().getAnnotations();
    try {
      return Optional.ofNullable(annotations)
          .map(all -> all.get(Names.ANNOTATION_SCHEDULED))
          .map(Instant::parse);
    } catch (DateTimeException e) {
      // Somebody edited it; its creation tells about the same.
      return Optional.empty();
    }
  }
}
