package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How a changed Pod template reaches running units. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UpdateStrategySpec(
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "RollingUpdate (the default): unit by unit, the one that takes writes last, halting at"
                + " the first that does not become ready. OnDelete: a unit changes when its Pod is"
                + " deleted.")
        @Nullable Type type,
    @JsonPropertyDescription("Settings of RollingUpdate.")
        @Nullable RollingUpdateSpec rollingUpdate,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "What becomes of changed parameters that the engine takes only when it starts. OnRequest"
                + " (the default): they wait for a restart that somebody asks for, and the condition"
                + " ConfigApplied of the Unit names them. Automatic: units are restarted for them, as"
                + " for a changed Pod template.")
        @Nullable ParameterRestart parameterRestart) {

  /** Kinds of strategy. */
  public enum Type {
    @JsonProperty("RollingUpdate")
    ROLLING_UPDATE,
    @JsonProperty("OnDelete")
    ON_DELETE
  }

  /** When units are restarted for parameters that take it. */
  public enum ParameterRestart {
    @JsonProperty("OnRequest")
    ON_REQUEST,
    @JsonProperty("Automatic")
    AUTOMATIC
  }

  /** Settings of a rolling update. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RollingUpdateSpec(
      @Min(0)
          @JsonPropertyDescription(
              "Units with a lower number keep what they have. 0 (the default) changes all.")
          @Nullable Integer partition,
      @Min(1) @JsonPropertyDescription("How many units may be away at a time; 1 when not given.")
          @Nullable Integer maxUnavailable) {}

  public boolean onDelete() {
    return type == Type.ON_DELETE;
  }

  /** Whether units are restarted for parameters that take it, and nobody has to ask. */
  public boolean restartsForParameters() {
    return parameterRestart == ParameterRestart.AUTOMATIC;
  }

  /** Lowest ordinal that is changed. */
  public int partition() {
    return rollingUpdate == null || rollingUpdate.partition() == null
        ? 0
        : rollingUpdate.partition();
  }

  /** How many units may be away at a time; at least 1. */
  public int maxUnavailable() {
    return rollingUpdate == null || rollingUpdate.maxUnavailable() == null
        ? 1
        : Math.max(1, rollingUpdate.maxUnavailable());
  }

  /** What holds when the user says nothing. */
  public static UpdateStrategySpec orDefault(@Nullable UpdateStrategySpec spec) {
    return spec == null ? new UpdateStrategySpec(null, null, null) : spec;
  }
}
