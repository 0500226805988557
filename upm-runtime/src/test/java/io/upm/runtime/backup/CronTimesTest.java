package io.upm.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronTimesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** By an hour, by half an hour, at midnight, and never. */
  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "Africa/Cairo",
          "Asia/Kolkata",
          "Etc/UTC");

  private static final int MINUTES_OF_TWO_DAYS = 2 * 24 * 60;

  @Test
  void aTimeThatTheClockLeavesOutComesWhenItIsChanged() {
    CronTimes times = CronTimes.of("30 2 * * *", BERLIN);

    assertThat(times.next(Instant.parse("2026-03-28T12:00:00Z")))
        .contains(Instant.parse("2026-03-29T01:00:00Z"));
    assertThat(times.next(Instant.parse("2026-03-29T01:00:00Z")))
        .contains(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void aTimeThatComesTwiceCountsOnce() {
    CronTimes times = CronTimes.of("30 2 * * *", BERLIN);
    Instant first = Instant.parse("2026-10-25T00:30:00Z");

    assertThat(times.next(Instant.parse("2026-10-24T12:00:00Z"))).contains(first);
    assertThat(times.next(first)).contains(Instant.parse("2026-10-26T01:30:00Z"));
    // Half past two again.
    assertThat(times.last(Instant.parse("2026-10-25T01:30:00Z"))).contains(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "* * * *", "0 0 2 * * *", "60 * * * *", "@daily", "0 0 L * *", "a b c d e"})
  void whatIsNoScheduleIsRefused(String expression) {
    assertThatThrownBy(() -> CronTimes.of(expression, BERLIN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatNeverComesIsSaidToBeSo() {
    CronTimes times = CronTimes.of("0 0 31 2 *", BERLIN);

    assertThat(times.next(Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
  }

  /** Against a clock that is looked at each minute of two days around a change. */
  @Property(tries = 40)
  void eachTimeOnTheClocksFaceComesOnce(
      @ForAll @IntRange(max = 5) int zone,
      @ForAll @IntRange(max = 59) int minute,
      @ForAll @IntRange(max = 23) int hour,
      @ForAll @IntRange(max = 3) int form,
      @ForAll boolean spring) {
    ZoneId where = ZoneId.of(ZONES.get(zone));
    String expression =
        switch (form) {
          case 0 -> "%d %d * * *".formatted(minute, hour);
          case 1 -> "%d * * * *".formatted(minute);
          case 2 -> "*/%d * * * *".formatted(Math.max(5, minute));
          default -> "%d,%d 0-%d * * *".formatted(minute, 59 - minute, hour);
        };
    Instant begin = Instant.parse(spring ? "2026-01-01T00:00:00Z" : "2026-08-01T00:00:00Z");
    var change = where.getRules().nextTransition(begin);
    Instant from = (change == null ? begin : change.getInstant()).minus(Duration.ofDays(1));
    CronTimes times = CronTimes.of(expression, where);

    Set<Instant> wanted = faces(where, expression, from);

    var found = new TreeSet<Instant>();
    Instant end = from.plus(Duration.ofMinutes(MINUTES_OF_TWO_DAYS));
    Instant time = times.next(from).orElseThrow();
    while (!time.isAfter(end)) {
      found.add(time);
      assertThat(times.last(time)).as("last at %s", time).contains(time);
      assertThat(times.last(time.plusSeconds(1))).as("last after %s", time).contains(time);
      Instant next = times.next(time).orElseThrow();
      assertThat(next).isAfter(time);
      time = next;
    }
    assertThat(found).isEqualTo(wanted);
  }

  /** When the clock first shows each minute that is due, or jumps over it. */
  private static Set<Instant> faces(ZoneId zone, String expression, Instant from) {
    CronTimes plain = CronTimes.of(expression, ZoneId.of("Etc/UTC"));
    var due = new TreeSet<Instant>();
    var seen = new HashSet<LocalDateTime>();
    // What was shown the day before is not shown for the first time.
    Instant start = from.minus(Duration.ofDays(1));
    LocalDateTime last = start.atZone(zone).toLocalDateTime();
    for (Instant now = start;
        !now.isAfter(from.plus(Duration.ofMinutes(MINUTES_OF_TWO_DAYS)));
        now = now.plus(Duration.ofMinutes(1))) {
      LocalDateTime face = now.atZone(zone).toLocalDateTime();
      for (LocalDateTime each = face.isAfter(last) ? last.plusMinutes(1) : face;
          !each.isAfter(face);
          each = each.plusMinutes(1)) {
        Instant asUtc = each.atZone(ZoneId.of("Etc/UTC")).toInstant();
        if (seen.add(each) && plain.last(asUtc).filter(asUtc::equals).isPresent()) {
          if (now.isAfter(from)) {
            due.add(now);
          }
        }
      }
      last = face;
    }
    return due;
  }
}
