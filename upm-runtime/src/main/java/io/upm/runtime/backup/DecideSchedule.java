package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.api.BackupScheduleStatus;
import io.upm.runtime.api.BackupStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides about a schedule. Pure. The rules:
 *
 * <ol>
 *   <li>A backup has its name from the schedule and the time it is for, so there is one for each
 *       time, however often a runtime crashes in between.
 *   <li>Of those that were missed, one is made up for: the last.
 *   <li>What another backup goes on from is kept as long as that one.
 *   <li>A clock that was ahead must not end the backups: a last time that lies in the future counts
 *       as none.
 * </ol>
 */
final class DecideSchedule {
  /** Clocks of several machines differ by less, and are set by less than that every day. */
  static final Duration TOLERANCE = Duration.ofHours(1);

  /** Beyond what a clock that is set in between should cost. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final ScheduleView view;
  private final BackupScheduleSpec spec;

  private DecideSchedule(ScheduleView view) {
    this.view = view;
    this.spec = view.spec();
  }

  static ScheduleDecision decide(ScheduleView view) {
    return new DecideSchedule(view).decide();
  }

  /** Whether it is made no longer, or to be gone. */
  static boolean isActive(Backup backup) {
    BackupStatus status = backup.getStatus();
    return !backup.getSpec().discarded() && (status == null || !status.over());
  }

  private ScheduleDecision decide() {
    Optional<Instant> last = last();
    Optional<Instant> due = due(last);
    Optional<Instant> next =
        spec.suspended() || !view.problems().isEmpty()
            ? Optional.empty()
            : view.times().flatMap(times -> times.next(view.now()));
    List<Backup> expired =
        Retention.free(Retention.expired(view.backups(), spec, view.now()), view.bases());
    return new ScheduleDecision(
        due,
        expired,
        Retention.forgotten(view.backups(), spec),
        due.or(() -> last),
        next,
        recheck(next));
  }

  private Optional<Instant> due(Optional<Instant> last) {
    if (spec.suspended() || !view.problems().isEmpty()) {
      return Optional.empty();
    }
    if (!spec.mayOverlap() && view.backups().stream().anyMatch(DecideSchedule::isActive)) {
      return Optional.empty();
    }
    Instant begin = last.orElseGet(this::created);
    if (!isPast(begin)) {
      begin = Instant.EPOCH;
    }
    Instant after = begin;
    return view.times()
        .flatMap(times -> times.last(view.now()))
        .filter(time -> time.isAfter(after))
        .filter(time ->
            spec.startingDeadline().map(late -> !view.now().isAfter(time.plus(late))).orElse(true))
        .filter(time -> view.backups().stream().noneMatch(one -> time.equals(timeOf(one))));
  }

  private boolean isPast(Instant time) {
    return !time.isAfter(view.now().plus(TOLERANCE));
  }

  private Instant created() {
    return Instant.parse(view.schedule().getMetadata().getCreationTimestamp());
  }

  /** The backups tell, too: a runtime may have crashed before it wrote the status. */
  private Optional<Instant> last() {
    BackupScheduleStatus status = view.status();
    Stream<Instant> told =
        status == null || status.lastScheduleTime() == null
            ? Stream.empty()
            : Stream.of(Instant.parse(status.lastScheduleTime()));
    return Stream.concat(told, view.backups().stream().map(DecideSchedule::timeOf))
        .filter(this::isPast)
        .max(Comparator.naturalOrder());
  }

  private static Instant timeOf(Backup backup) {
    return ScheduledBackups.time(backup)
        .orElseGet(() -> Instant.parse(backup.getMetadata().getCreationTimestamp()));
  }

  private Optional<Duration> recheck(Optional<Instant> next) {
    return Stream.of(
            next.map(time -> Duration.between(view.now(), time)),
            Retention.untilNext(view.backups(), spec, view.now()))
        .flatMap(Optional::stream)
        .filter(Duration::isPositive)
        .min(Comparator.naturalOrder())
        .map(wait -> wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
  }
}
