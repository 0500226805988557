package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.api.BackupScheduleStatus;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about a schedule depends on.
 *
 * @param problems what is wrong with its spec, as far as that can be told
 * @param times when it is due; empty when its spec doesn't say that properly
 * @param backups those that it made, and that are there
 * @param bases places of backups that another one, of whichever schedule, goes on from
 */
record ScheduleView(
    BackupSchedule schedule,
    List<Problem> problems,
    Optional<CronTimes> times,
    List<Backup> backups,
    Set<String> bases,
    Instant now) {
  ScheduleView {
    problems = List.copyOf(problems);
    backups = List.copyOf(backups);
    bases = Set.copyOf(bases);
  }

  BackupScheduleSpec spec() {
    return schedule.getSpec();
  }

  @Nullable BackupScheduleStatus status() {
    return schedule.getStatus();
  }
}
