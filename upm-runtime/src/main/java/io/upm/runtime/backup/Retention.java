package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.api.BackupScheduleSpec.RetentionSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.spi.action.BackupDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which backups of a schedule go. Pure. The last that succeeded never does, whatever the rules say:
 * when backups fail for long, or the clock is wrong, an old one is better than none.
 */
final class Retention {
  private static final Comparator<Backup> NEWEST_FIRST =
      Comparator.comparing(Retention::ended)
          .thenComparing((Backup backup) -> backup.getMetadata().getName())
          .reversed();

  private Retention() {}

  /** Those that are kept no longer. */
  static List<Backup> expired(List<Backup> backups, BackupScheduleSpec spec, Instant now) {
    RetentionSpec rule = spec.retention();
    if (rule == null) {
      return List.of();
    }
    List<Backup> there = inPhase(backups, Phase.SUCCEEDED);
    int most = rule.keepLast() == null ? 1 : rule.keepLast();
    Optional<Instant> since = rule.span().map(now::minus);
    return IntStream.range(Math.max(1, most), Math.max(1, there.size()))
        .mapToObj(there::get)
        .filter(backup -> since.map(then -> ended(backup).isBefore(then)).orElse(true))
        .toList();
  }

  /**
   * Those that no other one goes on from. Where each goes on from the one before, the last goes
   * first: so all of them stay until none is needed, and every time in between can be restored.
   *
   * @param bases places that others go on from
   */
  static List<Backup> free(List<Backup> backups, Set<String> bases) {
    return backups.stream()
        .filter(backup -> {
          BackupStatus status = backup.getStatus();
          return status == null || status.location() == null || !bases.contains(status.location());
        })
        .toList();
  }

  /** Places that these go on from, as long as they are there. */
  static Set<String> bases(Stream<Backup> backups) {
    return backups
        .map(Backup::getStatus)
        .filter(Objects::nonNull)
        .flatMap(status -> Stream.ofNullable(status.values().get(BackupDescriptor.BASE)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** When the next one goes because of its age; empty when none does. */
  static Optional<Duration> untilNext(List<Backup> backups, BackupScheduleSpec spec, Instant now) {
    RetentionSpec rule = spec.retention();
    return rule == null
        ? Optional.empty()
        : rule.span()
            .flatMap(span ->
                inPhase(backups, Phase.SUCCEEDED).stream()
                    .skip(1)
                    .map(backup -> Duration.between(now, ended(backup).plus(span)))
                    .filter(Duration::isPositive)
                    .min(Comparator.naturalOrder()));
  }

  /** Failed ones beyond those that are kept for their messages. */
  static List<Backup> forgotten(List<Backup> backups, BackupScheduleSpec spec) {
    return inPhase(backups, Phase.FAILED).stream().skip(spec.failedHistory()).toList();
  }

  /** The last that succeeded and is there. */
  static Optional<Backup> lastSuccess(List<Backup> backups) {
    return inPhase(backups, Phase.SUCCEEDED).stream().findFirst();
  }

  /** The last that ended, well or not. */
  static Optional<Backup> lastEnded(List<Backup> backups) {
    return backups.stream()
        .filter(backup -> isIn(backup, Phase.SUCCEEDED) || isIn(backup, Phase.FAILED))
        .min(NEWEST_FIRST);
  }

  private static List<Backup> inPhase(List<Backup> backups, Phase phase) {
    return backups.stream()
        .filter(backup -> isIn(backup, phase) && !backup.getSpec().discarded())
        .sorted(NEWEST_FIRST)
        .toList();
  }

  private static boolean isIn(Backup backup, Phase phase) {
    BackupStatus status = backup.getStatus();
    return status != null && status.phase() == phase;
  }

  static Instant ended(Backup backup) {
    BackupStatus status = backup.getStatus();
    String time = status == null ? null : status.completionTime();
    return Instant.parse(
        Objects.requireNonNullElse(time, backup.getMetadata().getCreationTimestamp()));
  }
}
