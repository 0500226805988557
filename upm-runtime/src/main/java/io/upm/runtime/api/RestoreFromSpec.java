package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What fills an empty data volume before the engine starts for the first time. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreFromSpec(
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Action of the engine that restores, as its reference page lists them; restore when not"
                + " given.")
        @Nullable String action,
    @PreserveUnknownFields
        @JsonPropertyDescription(
            "Parameters of the action, such as where the backup is. No secrets: those are for"
                + " secretRef.")
        @Nullable JsonNode parameters,
    @JsonPropertyDescription("Secret in the same namespace that opens the store.")
        GrpcCallSpec.@Nullable SecretReference secretRef) {
  private static final String RESTORE = "restore";
  private static final int RETRIES = 3;

  /** Name of the action. */
  public String actionName() {
    return action == null ? RESTORE : action;
  }

  /** The parameters; without any an empty object. */
  public JsonNode parameterTree() {
    return parameters == null || parameters.isNull()
        ? JsonNodeFactory.instance.objectNode()
        : parameters;
  }

  /** What does it. */
  public GrpcCallSpec call(String unit, String type) {
    return new GrpcCallSpec(
        unit, type, actionName(), parameterTree(), secretRef, null, null, RETRIES, null);
  }
}
