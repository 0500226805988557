package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.UnitStatus.WaitingFor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a call. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GrpcCallStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Pending, Running, Succeeded, Failed or Cancelled.")
        @Nullable Phase phase,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Success or Failed; not there before the end.")
        @Nullable Result result,
    @JsonPropertyDescription("What is being done; at the end what came of it, or why it failed.")
        @Nullable String message,
    @JsonPropertyDescription("When it began.") @Nullable String startTime,
    @JsonPropertyDescription("When it ended.") @Nullable String completionTime,
    @JsonPropertyDescription("Which attempt this is about, from 1.") @Nullable Integer attempt,
    @JsonPropertyDescription("Name of this attempt at the agent, which runs none twice.")
        @Nullable String operationId,
    @JsonPropertyDescription("Version of the plugin that the attempt began with, and ends with.")
        @Nullable String plugin,
    @JsonPropertyDescription("How far it is.") @Nullable ProgressStatus progress,
    @JsonPropertyDescription("What it found or made, by name.") Map<String, String> values,
    @JsonPropertyDescription("The last lines that it logged.") List<String> log,
    @JsonPropertyDescription("What it waits for.") @Nullable WaitingFor waitingFor,
    @JsonPropertyDescription(
            "Complete: it succeeded. Failed: it failed or was cancelled, and isn't tried again.")
        List<Condition> conditions) {

  /** Where a call is on its way. */
  public enum Phase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Succeeded")
    SUCCEEDED,
    @JsonProperty("Failed")
    FAILED,
    @JsonProperty("Cancelled")
    CANCELLED;

    public boolean isLast() {
      return this != PENDING && this != RUNNING;
    }
  }

  /** How a call ended. */
  public enum Result {
    @JsonProperty("Success")
    SUCCESS,
    @JsonProperty("Failed")
    FAILED
  }

  /** How far an action is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ProgressStatus(
      @JsonPropertyDescription("Bytes or items that are done.") Long done,
      @JsonPropertyDescription("Bytes or items in all, if that is known.") @Nullable Long total,
      @JsonPropertyDescription("Percent of the total.") @Nullable Integer percent,
      @JsonPropertyDescription("Bytes or items a second, on average.") @Nullable Long perSecond,
      @JsonPropertyDescription("Seconds that are left if it goes on at that rate.")
          @Nullable Long secondsLeft) {}

  public GrpcCallStatus {
    values = Lists.copy(values);
    log = Lists.copy(log);
    conditions = Lists.copy(conditions);
  }

  /** Whether nothing comes after it. */
  public boolean ended() {
    return phase != null && phase.isLast();
  }
}
