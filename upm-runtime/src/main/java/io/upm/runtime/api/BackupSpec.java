package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.upm.runtime.api.GrpcCallSpec.SecretReference;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to be backed up, and how. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.unitSet) != has(self.unit)",
    message = "exactly one of unitSet and unit must be given: what is to be backed up")
public record BackupSpec(
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Name of the UnitSet, in the same namespace: one of its Units that are ready is taken,"
                + " the source only when there is no other.")
        @Nullable String unitSet,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription("Name of the Unit, in the same namespace, instead of a UnitSet.")
        @Nullable String unit,
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Engine, which brings the action.")
        String type,
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("Action that makes the backup, as the engine's plugin names it.")
        String action,
    @PreserveUnknownFields
        @JsonPropertyDescription(
            "Parameters of the action, as the engine's reference page lists them. No secrets: those"
                + " are for secretRef.")
        @Nullable JsonNode parameters,
    @JsonPropertyDescription(
            "Secret in the same namespace with what the action must not show; also for removing"
                + " the backup.")
        @Nullable SecretReference secretRef,
    @Min(1)
        @JsonPropertyDescription(
            "Seconds after its creation when it is given up, whether it began or not; none when not"
                + " given. An action that can't be cancelled half-way is left to end.")
        @Nullable Integer deadlineSeconds,
    @Min(0)
        @Max(10)
        @JsonPropertyDescription(
            "How often it is begun again after a failure that may pass; 0 when not given.")
        @Nullable Integer retries,
    @JsonPropertyDescription(
            "Has it restored for trial once it is made, into a UnitSet of its own that is removed"
                + " again, and its data checked; {} for the sizes of the UnitSet that it is of.")
        @Nullable VerifySpec verify,
    @JsonPropertyDescription(
            "Whether what is stored is to be removed, and then this object. One that is being made"
                + " is cancelled.")
        @Nullable Boolean discard) {

  /** Whether the user wants it to be gone. */
  public boolean discarded() {
    return Boolean.TRUE.equals(discard);
  }

  public Optional<Duration> deadline() {
    return Optional.ofNullable(deadlineSeconds).map(Duration::ofSeconds);
  }

  /** What it is of, for messages. */
  public String subject() {
    return unitSet == null ? "Unit " + unit : "UnitSet " + unitSet;
  }

  /** The call that makes it. */
  public GrpcCallSpec call(String targetUnit, @Nullable Integer secondsLeft) {
    return new GrpcCallSpec(
        targetUnit, type, action, parameters, secretRef, null, secondsLeft, retries, null);
  }

  /** The same to be gone. */
  public BackupSpec toDiscard() {
    return new BackupSpec(
        unitSet, unit, type, action, parameters, secretRef, deadlineSeconds, retries, verify, true);
  }
}
