package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.cli.StatusView.BackupRow;
import io.upm.runtime.kube.Conditions;
import java.util.Comparator;
import java.util.List;

/** The last backups of a UnitSet. Pure. */
final class BackupRows {
  /** Enough to see how it goes; all of them are what {@code upm get backups} is for. */
  private static final int SHOWN = 3;

  private BackupRows() {}

  static List<BackupRow> of(List<Backup> backups) {
    return backups.stream()
        .sorted(
            Comparator.comparing((Backup backup) -> backup.getMetadata().getCreationTimestamp())
                .thenComparing(backup -> backup.getMetadata().getName())
                .reversed())
        .limit(SHOWN)
        .map(BackupRows::row)
        .toList();
  }

  private static BackupRow row(Backup backup) {
    BackupStatus status = backup.getStatus();
    String name = backup.getMetadata().getName();
    return status == null
        ? new BackupRow(name, "", "Pending", null, null, "", "")
        : new BackupRow(
            name,
            Fields.text(status.unit()),
            status.phase() == null ? "Pending" : word(status.phase()),
            Fields.time(status.completionTime()),
            status.storedBytes(),
            Conditions.find(status.conditions(), "Verified").map(Condition::getStatus).orElse(""),
            Fields.text(status.location()));
  }

  private static String word(BackupStatus.Phase phase) {
    return phase.name().charAt(0) + phase.name().substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
