package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to be done beside which database. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "self.targetUnit == oldSelf.targetUnit && self.type == oldSelf.type && self.action =="
            + " oldSelf.action",
    message = "spec.targetUnit, spec.type and spec.action can't be changed: make another GrpcCall")
@ValidationRule(
    value = "!(has(oldSelf.cancel) && oldSelf.cancel) || (has(self.cancel) && self.cancel)",
    message = "spec.cancel can't be taken back: make another GrpcCall",
    fieldPath = ".cancel")
public record GrpcCallSpec(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("Name of the Unit, in the same namespace.")
        String targetUnit,
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("Engine of the Unit, which brings the action.")
        String type,
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("What is to be done, as the engine's plugin names it.")
        String action,
    @PreserveUnknownFields
        @JsonPropertyDescription(
            "Parameters of the action, as the engine's reference page lists them. No secrets: those"
                + " are for secretRef.")
        @Nullable JsonNode parameters,
    @JsonPropertyDescription("Secret in the same namespace with what the action must not show.")
        @Nullable SecretReference secretRef,
    @Min(0)
        @JsonPropertyDescription(
            "Seconds after its end when this object is deleted; it stays when not given.")
        @Nullable Integer ttlSecondsAfterFinished,
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
    @JsonPropertyDescription("Whether it is to end now, if its action allows that.")
        @Nullable Boolean cancel) {

  /** A Secret. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SecretReference(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Its name; which keys the action reads, its parameters say.")
          String name) {}

  /** Whether the user wants it to end. */
  public boolean cancelled() {
    return Boolean.TRUE.equals(cancel);
  }

  /** Attempts in all. */
  public int attempts() {
    return retries == null ? 1 : retries + 1;
  }

  public Optional<Duration> deadline() {
    return Optional.ofNullable(deadlineSeconds).map(Duration::ofSeconds);
  }

  public Optional<Duration> timeToLive() {
    return Optional.ofNullable(ttlSecondsAfterFinished).map(Duration::ofSeconds);
  }

  public Optional<String> secretName() {
    return Optional.ofNullable(secretRef).map(SecretReference::name);
  }

  /** The parameters; without any an empty object. */
  public JsonNode parameterTree() {
    return parameters == null || parameters.isNull()
        ? JsonNodeFactory.instance.objectNode()
        : parameters;
  }
}
