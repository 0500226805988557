package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a backup was restored for trial. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TrialStatus(
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Pending, Starting, Restoring, Checking, Removing, Succeeded or Failed.")
        @Nullable Phase phase,
    @JsonPropertyDescription("What is being done; at the end what came of it, or why it failed.")
        @Nullable String message,
    @JsonPropertyDescription("When it began.") @Nullable String startTime,
    @JsonPropertyDescription("When it ended, and all that was made for it was gone.")
        @Nullable String completionTime,
    @JsonPropertyDescription("UnitSet that it was restored into, and that is removed again.")
        @Nullable String unitSet,
    @JsonPropertyDescription("How long restoring it took, in seconds.")
        @Nullable Long restoreSeconds,
    @JsonPropertyDescription(
            "Whether the data came back and are sound; not there before that is known.")
        @Nullable Boolean passed,
    @JsonPropertyDescription("What the check of the data found, by name.")
        Map<String, String> checked) {

  /** Where a trial is on its way. */
  public enum Phase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Starting")
    STARTING,
    @JsonProperty("Restoring")
    RESTORING,
    @JsonProperty("Checking")
    CHECKING,
    @JsonProperty("Removing")
    REMOVING,
    @JsonProperty("Succeeded")
    SUCCEEDED,
    @JsonProperty("Failed")
    FAILED
  }

  public TrialStatus {
    checked = Lists.copy(checked);
  }

  /** One that has not begun. */
  public static TrialStatus pending(String message) {
    return new TrialStatus(Phase.PENDING, message, null, null, null, null, null, Map.of());
  }

  /** One that begins. */
  public static TrialStatus starting(String message, String startTime, String unitSet) {
    return new TrialStatus(Phase.STARTING, message, startTime, null, unitSet, null, null, Map.of());
  }

  /** Whether nothing comes after it. */
  public boolean ended() {
    return phase == Phase.SUCCEEDED || phase == Phase.FAILED;
  }

  /** Whether something may have been made for it that isn't gone. */
  public boolean begun() {
    return phase != Phase.PENDING && !ended();
  }

  /** The same in another phase. */
  public TrialStatus now(Phase next, String said) {
    return new TrialStatus(
        next, said, startTime, completionTime, unitSet, restoreSeconds, passed, checked);
  }

  /** The same once the data are there. */
  public TrialStatus restored(@Nullable Long seconds) {
    return new TrialStatus(
        phase, message, startTime, completionTime, unitSet, seconds, passed, checked);
  }

  /**
   * The same once it is known what comes of it.
   *
   * @param sound whether the backup is good; null when that was not found out
   */
  public TrialStatus judged(@Nullable Boolean sound, Map<String, String> values) {
    return new TrialStatus(
        phase, message, startTime, completionTime, unitSet, restoreSeconds, sound, values);
  }

  /** The same at its end. */
  public TrialStatus over(String time) {
    return new TrialStatus(
        Boolean.TRUE.equals(passed) ? Phase.SUCCEEDED : Phase.FAILED,
        message,
        startTime,
        time,
        unitSet,
        restoreSeconds,
        passed,
        checked);
  }
}
