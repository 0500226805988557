package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** What becomes of volume claims whose units go. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClaimRetentionSpec(
    @Default("Retain")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "When the UnitSet is deleted: Retain keeps claims and data, Delete deletes them.")
        @Nullable Policy whenDeleted,
    @Default("Retain")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "When a unit is removed by scaling in: Retain keeps its claims for a later scale-out,"
                + " Delete deletes them once its Pod is gone.")
        @Nullable Policy whenScaled) {

  /** Whether claims outlive their unit. */
  public enum Policy {
    @JsonProperty("Retain")
    RETAIN,
    @JsonProperty("Delete")
    DELETE
  }

  /** Keeps everything: what holds when the user says nothing. */
  public static ClaimRetentionSpec orDefault(@Nullable ClaimRetentionSpec spec) {
    return spec == null ? new ClaimRetentionSpec(Policy.RETAIN, Policy.RETAIN) : spec;
  }

  public boolean deletesWithSet() {
    return whenDeleted == Policy.DELETE;
  }

  public boolean deletesWhenScaled() {
    return whenScaled == Policy.DELETE;
  }
}
