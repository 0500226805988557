package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a schedule.
 *
 * @param due time that a backup is begun for now; empty for none
 * @param expired backups that are to be removed, with what is stored
 * @param forgotten objects of backups that failed, of which there are enough
 * @param last time that a backup was begun for last, this one included
 * @param next when the next one is due
 * @param recheck when to look again though nothing happened
 */
record ScheduleDecision(
    Optional<Instant> due,
    List<Backup> expired,
    List<Backup> forgotten,
    Optional<Instant> last,
    Optional<Instant> next,
    Optional<Duration> recheck) {
  ScheduleDecision {
    expired = List.copyOf(expired);
    forgotten = List.copyOf(forgotten);
  }
}
