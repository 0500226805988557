package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.GrpcCallStatus.ProgressStatus;
import io.upm.runtime.api.UnitStatus.WaitingFor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a backup. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackupStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Pending, Running, Succeeded, Failed or Discarding.")
        @Nullable Phase phase,
    @JsonPropertyDescription("What is being done; at the end what came of it, or why it failed.")
        @Nullable String message,
    @JsonPropertyDescription("Unit that it is made beside.") @Nullable String unit,
    @JsonPropertyDescription("GrpcCall that makes it.") @Nullable String call,
    @JsonPropertyDescription("Version of the plugin that makes it.") @Nullable String plugin,
    @JsonPropertyDescription("Version of the engine that it is of.") @Nullable String engineVersion,
    @JsonPropertyDescription("When it began.") @Nullable String startTime,
    @JsonPropertyDescription("When it ended.") @Nullable String completionTime,
    @JsonPropertyDescription("Where it is.") @Nullable String location,
    @JsonPropertyDescription("Size of what was backed up, in bytes.") @Nullable Long bytes,
    @JsonPropertyDescription("Size of what is stored, in bytes.") @Nullable Long storedBytes,
    @JsonPropertyDescription(
            "What else its action told of it, by name, such as its position in the engine's"
                + " history.")
        Map<String, String> values,
    @JsonPropertyDescription("How far it is.") @Nullable ProgressStatus progress,
    @JsonPropertyDescription("What it waits for.") @Nullable WaitingFor waitingFor,
    @JsonPropertyDescription("How it was restored for trial, as spec.verify wants.")
        @Nullable TrialStatus trial,
    @JsonPropertyDescription(
            "Complete: it is there. Failed: it failed or was cancelled, and isn't tried again."
                + " Verified: whether it was restored for trial, and its data are sound.")
        List<Condition> conditions) {

  /** Where a backup is on its way. */
  public enum Phase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Succeeded")
    SUCCEEDED,
    @JsonProperty("Failed")
    FAILED,
    @JsonProperty("Discarding")
    DISCARDING;

    /** Whether it is made no longer. */
    public boolean isOver() {
      return this != PENDING && this != RUNNING;
    }
  }

  public BackupStatus {
    values = Lists.copy(values);
    conditions = Lists.copy(conditions);
  }

  /** The same with what is known of its trial. */
  public BackupStatus with(TrialStatus tried, List<Condition> known) {
    return new BackupStatus(
        observedGeneration,
        phase,
        message,
        unit,
        call,
        plugin,
        engineVersion,
        startTime,
        completionTime,
        location,
        bytes,
        storedBytes,
        values,
        progress,
        waitingFor,
        tried,
        known);
  }

  /** Whether it is made no longer. */
  public boolean over() {
    return phase != null && phase.isOver();
  }
}
