package io.upm.runtime.backup;

import static io.upm.runtime.backup.Schedules.made;
import static io.upm.runtime.backup.Schedules.schedule;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.spi.action.BackupDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Instant BEGAN = Instant.parse("2026-11-01T02:00:00Z");
  private static final Instant NOW = BEGAN.plus(Duration.ofDays(10));

  @Test
  void withoutARuleEverythingStays() {
    assertThat(expired("", 10)).isEmpty();
  }

  @Test
  void soManyOfTheLastAreKept() {
    assertThat(expired("retention: {keepLast: 3}", 5))
        .containsExactly("nightly-202611020200", "nightly-202611010200");
    assertThat(expired("retention: {keepLast: 9}", 5)).isEmpty();
  }

  @Test
  void orThoseOfTheLastTimeAndTheLastInAnyCase() {
    assertThat(expired("retention: {keepFor: 8d}", 5))
        .containsExactly("nightly-202611020200", "nightly-202611010200");
    assertThat(expired("retention: {keepFor: 1h}", 3))
        .containsExactly("nightly-202611020200", "nightly-202611010200");
    assertThat(expired("retention: {keepFor: 1h}", 1)).isEmpty();
  }

  @Test
  void whatEitherKeepsIsKept() {
    assertThat(expired("retention: {keepLast: 4, keepFor: 1h}", 5))
        .containsExactly("nightly-202611010200");
    assertThat(expired("retention: {keepLast: 1, keepFor: 8d}", 5))
        .containsExactly("nightly-202611020200", "nightly-202611010200");
  }

  @Test
  void failedOnesGoWhenThereAreEnough() {
    BackupSchedule nightly = schedule("0 2 * * *", BEGAN, "failedHistoryLimit: 2");
    List<Backup> failed = backups(nightly, Phase.FAILED, 4);

    assertThat(Retention.forgotten(failed, nightly.getSpec()))
        .extracting(backup -> backup.getMetadata().getName())
        .containsExactly("nightly-202611020200", "nightly-202611010200");
    assertThat(Retention.expired(failed, nightly.getSpec(), NOW)).isEmpty();
  }

  @Test
  void whatOthersGoOnFromStaysAsLongAsThey() {
    Backup full = at("s3://b/1/", "");
    Backup next = at("s3://b/2/", "s3://b/1/");
    Backup last = at("s3://b/3/", "s3://b/2/");
    List<Backup> all = List.of(full, next, last);

    assertThat(Retention.free(all, Retention.bases(all.stream()))).containsExactly(last);
    assertThat(Retention.free(List.of(full, next), Retention.bases(Stream.of(full, next))))
        .containsExactly(next);
    assertThat(Retention.free(List.of(full), Retention.bases(Stream.of(full))))
        .containsExactly(full);
    assertThat(Retention.bases(Stream.of(new Backup()))).isEmpty();
  }

  private static Backup at(String location, String base) {
    Backup backup = made(schedule("0 2 * * *", BEGAN, ""), BEGAN, Phase.SUCCEEDED, BEGAN);
    BackupStatus was = Objects.requireNonNull(backup.getStatus());
    backup.setStatus(
        new BackupStatus(
            was.observedGeneration(),
            was.phase(),
            was.message(),
            was.unit(),
            was.call(),
            was.plugin(),
            was.engineVersion(),
            was.startTime(),
            was.completionTime(),
            location,
            null,
            null,
            base.isEmpty() ? Map.of() : Map.of(BackupDescriptor.BASE, base),
            null,
            null,
            null,
            List.of()));
    return backup;
  }

  @Property
  void theLastThatSucceededStaysAndWhatAnyRuleKeepsDoes(
      @ForAll @Size(max = 30) List<@IntRange(max = 500) Integer> hours,
      @ForAll @Size(max = 30) List<Boolean> failures,
      @ForAll @IntRange(min = 1, max = 10) int last,
      @ForAll @IntRange(min = 1, max = 400) int span,
      @ForAll @IntRange(max = 1000) int then) {
    BackupSchedule nightly =
        schedule(
            "0 2 * * *", BEGAN, "retention: {keepLast: %d, keepFor: %dh}".formatted(last, span));
    List<Backup> all =
        hours.stream()
            .distinct()
            .map(hour -> {
              boolean failed = hour < failures.size() && failures.get(hour);
              Instant time = BEGAN.plus(Duration.ofHours(hour));
              return made(nightly, time, failed ? Phase.FAILED : Phase.SUCCEEDED, time);
            })
            .toList();
    Instant now = BEGAN.plus(Duration.ofHours(then));

    List<Backup> expired = Retention.expired(all, nightly.getSpec(), now);

    Retention.lastSuccess(all).ifPresent(one -> assertThat(expired).doesNotContain(one));
    assertThat(expired)
        .allMatch(one -> one.getStatus().phase() == Phase.SUCCEEDED)
        .allMatch(one -> Retention.ended(one).isBefore(now.minus(Duration.ofHours(span))));
    var left = new HashSet<>(all);
    expired.forEach(left::remove);
    long succeeded = all.stream().filter(RetentionTest::succeeded).count();
    assertThat(left.stream().filter(RetentionTest::succeeded).count())
        .isGreaterThanOrEqualTo(Math.min(succeeded, last));
    // What is kept now is decided upon once: a second look removes nothing more.
    assertThat(Retention.expired(List.copyOf(left), nightly.getSpec(), now)).isEmpty();
  }

  private static boolean succeeded(Backup backup) {
    return backup.getStatus().phase() == Phase.SUCCEEDED;
  }

  private static List<String> expired(String more, int count) {
    BackupSchedule nightly = schedule("0 2 * * *", BEGAN, more);
    return Retention.expired(backups(nightly, Phase.SUCCEEDED, count), nightly.getSpec(), NOW)
        .stream()
        .map(backup -> backup.getMetadata().getName())
        .toList();
  }

  private static List<Backup> backups(BackupSchedule schedule, Phase phase, int count) {
    return IntStream.range(0, count)
        .mapToObj(day -> BEGAN.plus(Duration.ofDays(day)))
        .map(time -> made(schedule, time, phase, time.plusSeconds(60)))
        .toList();
  }
}
