package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is backed up when, and how long that is kept. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.backup.discard)",
    message = "backup.discard can't be given: it is for a Backup that is there",
    fieldPath = ".backup")
public record BackupScheduleSpec(
    @Required
        @Size(min = 9, max = 200)
        @JsonPropertyDescription(
            "When backups are begun, as cron has it: minute, hour, day of the month, month, day of"
                + " the week.")
        String schedule,
    @Size(min = 1, max = 64)
        @JsonPropertyDescription(
            "Time zone of the schedule, as in Europe/Berlin; Etc/UTC when not given.")
        @Nullable String timeZone,
    @JsonPropertyDescription("Whether no backup is begun for now. What is kept, stays.")
        @Nullable Boolean suspend,
    @JsonPropertyDescription(
            "Whether one is begun while another runs: Forbid, which it is when not given, or Allow.")
        @Nullable ConcurrencyPolicy concurrencyPolicy,
    @Min(1)
        @JsonPropertyDescription(
            "How many seconds late one may begin, as after a time without a runtime; any number when"
                + " not given. However many were missed, one is made.")
        @Nullable Integer startingDeadlineSeconds,
    @JsonPropertyDescription("How long backups are kept; for ever when not given.")
        @Nullable RetentionSpec retention,
    @Min(0)
        @JsonPropertyDescription(
            "How many Backups that failed are kept, for their messages; 3 when not given.")
        @Nullable Integer failedHistoryLimit,
    @Required @JsonPropertyDescription("The backup to be made.") BackupSpec backup) {
  private static final int FAILED_HISTORY = 3;

  /** Whether backups of a schedule may be made beside each other. */
  public enum ConcurrencyPolicy {
    @JsonProperty("Forbid")
    FORBID,
    @JsonProperty("Allow")
    ALLOW
  }

  /** What is kept: what either of the two keeps, and the last that succeeded in any case. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.keepLast) || has(self.keepFor)",
      message = "keepLast or keepFor must be given, or no retention at all")
  public record RetentionSpec(
      @Min(1) @Max(10_000) @JsonPropertyDescription("So many of the last that succeeded are kept.")
          @Nullable Integer keepLast,
      @Pattern("^[1-9][0-9]{0,4}[hdw]$")
          @JsonPropertyDescription("All are kept for so long: hours, days or weeks, as in 14d.")
          @Nullable String keepFor) {
    /** How long all are kept. */
    public Optional<Duration> span() {
      return Optional.ofNullable(keepFor).map(RetentionSpec::span);
    }

    private static Duration span(String text) {
      long count = Long.parseLong(text.substring(0, text.length() - 1));
      return switch (text.charAt(text.length() - 1)) {
        case 'h' -> Duration.ofHours(count);
        case 'd' -> Duration.ofDays(count);
        default -> Duration.ofDays(7 * count);
      };
    }
  }

  /** Whether nothing is begun for now. */
  public boolean suspended() {
    return Boolean.TRUE.equals(suspend);
  }

  public boolean mayOverlap() {
    return concurrencyPolicy == ConcurrencyPolicy.ALLOW;
  }

  public String zone() {
    return timeZone == null ? "Etc/UTC" : timeZone;
  }

  public int failedHistory() {
    return failedHistoryLimit == null ? FAILED_HISTORY : failedHistoryLimit;
  }

  /** How late one may begin. */
  public Optional<Duration> startingDeadline() {
    return Optional.ofNullable(startingDeadlineSeconds).map(Duration::ofSeconds);
  }
}
