package io.upm.runtime.backup;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * The times of a schedule in its time zone. Each time on the clock's face comes once: those that a
 * change of the clock leaves out come when it is changed, and those that come twice do so only the
 * first time. A day's backup is neither left out nor made twice.
 */
final class CronTimes {
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final ExecutionTime faces;
  private final ZoneId zone;

  private CronTimes(ExecutionTime faces, ZoneId zone) {
    this.faces = faces;
    this.zone = zone;
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static CronTimes of(String expression, ZoneId zone) {
    return new CronTimes(ExecutionTime.forCron(PARSER.parse(expression).validate()), zone);
  }

  /** The first time after that one; empty when none comes any more. */
  Optional<Instant> next(Instant after) {
    Optional<LocalDateTime> face = nextFace(reached(after).minusSeconds(1));
    while (face.isPresent() && !at(face.get()).isAfter(after)) {
      face = nextFace(face.get());
    }
    return face.map(this::at);
  }

  /** The last time until then; empty when there was none. */
  Optional<Instant> last(Instant until) {
    return faces
        .lastExecution(reached(until).atZone(ZoneOffset.UTC))
        .map(face -> at(face.toLocalDateTime()));
  }

  private Optional<LocalDateTime> nextFace(LocalDateTime after) {
    return faces.nextExecution(after.atZone(ZoneOffset.UTC)).map(face -> face.toLocalDateTime());
  }

  /** When the clock shows that for the first time; if it never does, when it leaves that out. */
  private Instant at(LocalDateTime face) {
    ZoneOffsetTransition change = zone.getRules().getTransition(face);
    return change == null
        ? face.atZone(zone).toInstant()
        : change.isGap() ? change.getInstant() : face.toInstant(change.getOffsetBefore());
  }

  /** The first minute that the clock had not shown by then. */
  private LocalDateTime reached(Instant until) {
    LocalDateTime face = until.atZone(zone).toLocalDateTime();
    ZoneOffsetTransition change = zone.getRules().getTransition(face);
    return change != null && change.isOverlap() && !until.isBefore(change.getInstant())
        ? change.getDateTimeBefore()
        : face.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
  }
}
