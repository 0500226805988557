package io.upm.runtime.backup;

import static io.upm.runtime.backup.Schedules.made;
import static io.upm.runtime.backup.Schedules.schedule;
import static io.upm.runtime.backup.Schedules.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DecideScheduleTest {
  private static final Instant CREATED = Instant.parse("2026-11-20T12:00:00Z");
  private static final Instant TWO = Instant.parse("2026-11-21T02:00:00Z");

  @Test
  void isDueAtItsTimeAndNotBefore() {
    BackupSchedule nightly = schedule("0 2 * * *", CREATED, "");

    ScheduleDecision early = DecideSchedule.decide(view(nightly, List.of(), TWO.minusSeconds(1)));
    ScheduleDecision due = DecideSchedule.decide(view(nightly, List.of(), TWO));

    assertThat(early.due()).isEmpty();
    assertThat(early.next()).contains(TWO);
    assertThat(early.recheck()).contains(Duration.ofSeconds(1));
    assertThat(due.due()).contains(TWO);
    assertThat(due.last()).contains(TWO);
    assertThat(due.next()).contains(TWO.plus(Duration.ofDays(1)));
    assertThat(ScheduledBackups.backup(nightly, TWO).getMetadata().getName())
        .isEqualTo("nightly-202611210200");
  }

  @Test
  void whatWasBegunBeforeTheStatusWasWrittenIsNotBegunAgain() {
    BackupSchedule nightly = schedule("0 2 * * *", CREATED, "concurrencyPolicy: Allow");
    Backup begun = made(nightly, TWO, Phase.RUNNING, null);

    assertThat(DecideSchedule.decide(view(nightly, List.of(begun), TWO.plusSeconds(5))).due())
        .isEmpty();
  }

  @Test
  void oneIsMadeUpForUnlessItIsTooLate() {
    Instant back = TWO.plus(Duration.ofDays(3)).plus(Duration.ofHours(5));
    Instant missed = TWO.plus(Duration.ofDays(3));

    assertThat(due("", back)).isEqualTo(missed);
    assertThat(due("startingDeadlineSeconds: 20000", back)).isEqualTo(missed);
    assertThat(due("startingDeadlineSeconds: 3600", back)).isNull();
    assertThat(due("suspend: true", back)).isNull();
  }

  @Test
  void noneBeginsWhileAnotherRunsUnlessThatIsAllowed() {
    BackupSchedule forbids = schedule("0 2 * * *", CREATED, "");
    BackupSchedule allows = schedule("0 2 * * *", CREATED, "concurrencyPolicy: Allow");
    Instant next = TWO.plus(Duration.ofDays(1));

    List<Backup> running = List.of(made(forbids, TWO, Phase.RUNNING, null));
    List<Backup> ended = List.of(made(forbids, TWO, Phase.FAILED, next));

    assertThat(DecideSchedule.decide(view(forbids, running, next)).due()).isEmpty();
    assertThat(DecideSchedule.decide(view(forbids, ended, next)).due()).contains(next);
    assertThat(DecideSchedule.decide(view(allows, running, next)).due()).contains(next);
  }

  @Test
  void aClockThatWasAheadDoesNotEndTheBackups() {
    BackupSchedule hourly = schedule("0 * * * *", CREATED, "");
    Backup ofTheFuture =
        made(
            hourly,
            TWO.plus(Duration.ofDays(365)),
            Phase.SUCCEEDED,
            TWO.plus(Duration.ofDays(365)));

    assertThat(DecideSchedule.decide(view(hourly, List.of(ofTheFuture), TWO)).due()).contains(TWO);
  }

  @Test
  void theStatusTellsWhatWentWellAndWhatDidNot() {
    BackupSchedule nightly = schedule("0 2 * * *", CREATED, "");
    Instant next = TWO.plus(Duration.ofDays(1));
    List<Backup> backups =
        List.of(
            made(nightly, TWO, Phase.SUCCEEDED, TWO.plusSeconds(60)),
            made(nightly, next, Phase.FAILED, next.plusSeconds(60)));
    ScheduleView view = view(nightly, backups, next.plusSeconds(61));

    var status = ScheduleReport.status(view, DecideSchedule.decide(view));

    assertThat(status.lastScheduleTime()).isEqualTo(next.toString());
    assertThat(status.lastSuccessfulTime()).isEqualTo(TWO.plusSeconds(60).toString());
    assertThat(status.lastSuccessfulBackup()).isEqualTo("nightly-202611210200");
    assertThat(Conditions.isTrue(status.conditions(), ScheduleReport.READY)).isTrue();
    assertThat(Conditions.find(status.conditions(), ScheduleReport.LAST_SUCCEEDED))
        .get()
        .extracting("status", "message")
        .containsExactly("False", "Backup nightly-202611220200 failed: it is said");
  }

  @Test
  void whatIsWrongIsOneSentenceEach() {
    var engines = new AcmeEngine();
    assertThat(
            ScheduleRules.check(
                    schedule("0 2 * *", CREATED, "timeZone: Mars/Olympus").getSpec(), engines, TWO)
                .stream()
                .map(Problem::sentence))
        .containsExactly(
            "spec.timeZone: \"Mars/Olympus\" is not allowed: a name of the IANA time zones, such as"
                + " Europe/Berlin",
            "spec.schedule: \"0 2 * *\" is not allowed: five fields, minute, hour, day of the month,"
                + " month and day of the week, such as \"0 2 * * *\"");
    assertThat(
            ScheduleRules.check(
                    schedule("0 0 31 2 *", CREATED, "").getSpec(), engines.installed(false), TWO)
                .stream()
                .map(Problem::sentence))
        .containsExactly(
            "spec.schedule: \"0 0 31 2 *\" is not allowed: a time that comes",
            "spec.backup.type: \"acme\" is not allowed: no plugin serves at the moment, so there"
                + " is no type; \"upm plugin list\" says what is awaited, and \"upm plugin install\""
                + " brings one");
  }

  /**
   * A runtime that looks now and then, is away for hours, crashes before it writes its status, and
   * whose clock is set: no time gets two backups, and while it looks none is left out.
   */
  @Property(tries = 200)
  void noTimeIsTakenTwiceWhateverCrashesAndHoweverTheClockIsSet(
      @ForAll @Size(min = 5, max = 60) List<@IntRange(min = -90, max = 600) Integer> steps,
      @ForAll @IntRange(min = 1, max = 59) int every) {
    BackupSchedule often =
        schedule("*/%d * * * *".formatted(every), CREATED, "concurrencyPolicy: Allow");
    CronTimes times = CronTimes.of(often.getSpec().schedule(), java.time.ZoneId.of("Etc/UTC"));
    var made = new TreeMap<Instant, Backup>();
    Instant now = CREATED;
    for (int step : steps) {
      now = now.plus(Duration.ofMinutes(step));
      // The status is never written: each look is that of a runtime that crashed before.
      var due = DecideSchedule.decide(view(often, new ArrayList<>(made.values()), now)).due();
      if (due.isPresent()) {
        assertThat(due.get()).isBeforeOrEqualTo(now);
        assertThat(made.put(due.get(), made(often, due.get(), Phase.SUCCEEDED, now))).isNull();
      }
      Instant look = now;
      if (step > 0 && made.isEmpty()) {
        assertThat(times.last(look).filter(time -> time.isAfter(CREATED)))
            .as("nothing is left out")
            .isEmpty();
      }
    }
  }

  private static @org.jspecify.annotations.Nullable Instant due(String more, Instant now) {
    return DecideSchedule.decide(view(schedule("0 2 * * *", CREATED, more), List.of(), now))
        .due()
        .orElse(null);
  }
}
