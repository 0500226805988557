package io.upm.runtime.backup;

import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.spi.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a schedule. */
public final class ScheduleRules {
  private static final String ALLOWED =
      "five fields, minute, hour, day of the month, month and day of the week, such as \"0 2 * * *\"";

  private ScheduleRules() {}

  /** Everything that is wrong, as far as the installed plugins can tell. */
  public static List<Problem> check(BackupScheduleSpec spec, EngineRegistry engines, Instant now) {
    var problems = new ArrayList<>(checkTimes(spec, now));
    BackupRules.check(spec.backup(), engines).stream()
        .map(problem ->
            new Problem(
                problem.field().replaceFirst("^spec\\.", "spec.backup."),
                problem.value(),
                problem.allowed()))
        .forEach(problems::add);
    return problems;
  }

  /** What is wrong with when it is due. */
  public static List<Problem> checkTimes(BackupScheduleSpec spec, Instant now) {
    var problems = new ArrayList<Problem>();
    timing(spec, now, problems);
    return problems;
  }

  /** When it is due; empty when its spec doesn't say that properly. */
  static Optional<CronTimes> times(BackupScheduleSpec spec, Instant now) {
    return timing(spec, now, new ArrayList<>());
  }

  private static Optional<CronTimes> timing(
      BackupScheduleSpec spec, Instant now, List<Problem> problems) {
    Optional<ZoneId> zone = zone(spec.zone());
    if (zone.isEmpty()) {
      problems.add(
          new Problem(
              "spec.timeZone",
              spec.zone(),
              "a name of the IANA time zones, such as Europe/Berlin"));
    }
    try {
      CronTimes times = CronTimes.of(spec.schedule(), zone.orElse(ZoneId.of("Etc/UTC")));
      if (times.next(now).isEmpty()) {
        problems.add(new Problem("spec.schedule", spec.schedule(), "a time that comes"));
        return Optional.empty();
      }
      return zone.map(known -> times);
    } catch (IllegalArgumentException e) {
      problems.add(new Problem("spec.schedule", spec.schedule(), ALLOWED));
      return Optional.empty();
    }
  }

  /** Names of places only: an offset knows no summer. */
  private static Optional<ZoneId> zone(String name) {
    try {
      return ZoneId.getAvailableZoneIds().contains(name)
          ? Optional.of(ZoneId.of(name))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
