package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a schedule goes. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackupScheduleStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Time of the schedule that a backup was begun for last.")
        @Nullable String lastScheduleTime,
    @JsonPropertyDescription("When a backup succeeded last.") @Nullable String lastSuccessfulTime,
    @JsonPropertyDescription("Backup that succeeded last.") @Nullable String lastSuccessfulBackup,
    @JsonPropertyDescription("When the next one is begun; not there while it is suspended.")
        @Nullable String nextScheduleTime,
    @JsonPropertyDescription("Backups that are being made.") List<String> active,
    @JsonPropertyDescription("How many of its backups are there.") @Nullable Integer kept,
    @JsonPropertyDescription(
            "Ready: it begins backups when they are due, unless it is suspended. LastBackupSucceeded: the last one that"
                + " ended did so well.")
        List<Condition> conditions) {
  public BackupScheduleStatus {
    active = Lists.copy(active);
    conditions = Lists.copy(conditions);
  }
}
