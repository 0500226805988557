package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Size;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What fills an empty data volume before the engine starts for the first time. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreFromSpec(
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Backup in the same namespace, which gives its place, those of its parameters that the"
                + " action takes too, and its Secret. It is looked at when the action begins.")
        @Nullable String backup,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Action of the engine that restores, as its reference page lists them; restore when not"
                + " given, or beside backup the only one that there is.")
        @Nullable String action,
    @PreserveUnknownFields
        @JsonPropertyDescription(
            "Parameters of the action, such as where the backup is; beside backup what is to be other"
                + " than it says, or more. No secrets: those are for secretRef.")
        @Nullable JsonNode parameters,
    @JsonPropertyDescription(
            "Secret in the same namespace that opens the store; that of backup when not given.")
        GrpcCallSpec.@Nullable SecretReference secretRef) {
  private static final String RESTORE = "restore";
  private static final int RETRIES = 3;

  /**
   * Name of the action.
   *
   * @param restorers those of the engine that restore
   */
  public String actionName(Set<String> restorers) {
    if (action != null) {
      return action;
    }
    return backup == null || restorers.size() != 1 ? RESTORE : restorers.iterator().next();
  }

  /** The parameters; without any an empty object. */
  public JsonNode parameterTree() {
    return parameters == null || parameters.isNull()
        ? JsonNodeFactory.instance.objectNode()
        : parameters;
  }

  /** What does it where it doesn't depend on a Backup. */
  public GrpcCallSpec call(String unit, String type) {
    return new GrpcCallSpec(
        unit, type, actionName(Set.of()), parameterTree(), secretRef, null, null, RETRIES, null);
  }

  /** What does it with what a Backup says. */
  public GrpcCallSpec call(String unit, BackupSpec made, String name, JsonNode values) {
    return new GrpcCallSpec(
        unit,
        made.type(),
        name,
        values,
        secretRef == null ? made.secretRef() : secretRef,
        null,
        null,
        RETRIES,
        null);
  }
}
