package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.testing.Manifests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schedules for tests, and the backups that they make. */
final class Schedules {
  private Schedules() {}

  /** One that backs up UnitSet orders; more of its spec as within the braces of YAML. */
  static BackupSchedule schedule(String cron, Instant created, String more) {
    var schedule = new BackupSchedule();
    schedule.setMetadata(
        new ObjectMetaBuilder()
            .withName("nightly")
            .withNamespace("shop")
            .withUid("fedcba9876543210")
            .withGeneration(1L)
            .withCreationTimestamp(created.toString())
            .build());
    schedule.setSpec(
        Manifests.SERIALIZATION.convertValue(
            Manifests.tree(
                "{schedule: '%s', backup: {unitSet: orders, type: acme, action: copy}%s}"
                    .formatted(cron, more.isEmpty() ? "" : ", " + more)),
            BackupScheduleSpec.class));
    return schedule;
  }

  static ScheduleView view(BackupSchedule schedule, List<Backup> backups, Instant now) {
    return new ScheduleView(
        schedule, List.of(), ScheduleRules.times(schedule.getSpec(), now), backups, Set.of(), now);
  }

  /** As the schedule makes it, and as it has become. */
  static Backup made(BackupSchedule schedule, Instant time, Phase phase, @Nullable Instant ended) {
    Backup backup = ScheduledBackups.backup(schedule, time);
    backup.getMetadata().setCreationTimestamp(time.toString());
    backup.setStatus(
        new BackupStatus(
            1L,
            phase,
            "it is said",
            "orders-1",
            "call",
            "1.0.0",
            "1.2.3",
            time.toString(),
            ended == null ? null : ended.toString(),
            phase == Phase.SUCCEEDED ? "s3://b/x/" : null,
            null,
            null,
            Map.of(),
            null,
            null,
            null,
            List.of()));
    return backup;
  }
}
