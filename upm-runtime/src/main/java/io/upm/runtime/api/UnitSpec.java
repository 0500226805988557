package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wanted of one instance: written by a UnitSet, or by hand. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "!has(self.volumeClaimTemplates) || self.volumeClaimTemplates.all(s,"
            + " self.volumeClaimTemplates.exists_one(o, o.metadata.name == s.metadata.name))",
    message = "spec.volumeClaimTemplates.metadata.name: each name of a volume claim once",
    fieldPath = ".volumeClaimTemplates")
public record UnitSpec(
    @Default("false")
        @JsonPropertyDescription(
            "false: a new Pod runs on the node that the last one ran on. true: on any node.")
        @Nullable Boolean unbindNode,
    @Default("true")
        @JsonPropertyDescription(
            "Whether the engine runs. false stops it and keeps the Pod, its agent and its volumes.")
        @Nullable Boolean startup,
    @JsonPropertyDescription(
            "ConfigMap with settings shared by several sets. Key <type>_ports: JSON list of {name,"
                + " containerPort} that replaces the engine's port numbers.")
        @Nullable String sharedConfigName,
    @JsonPropertyDescription(
            "ConfigMap with engine parameters for several units: key is the parameter's name, or the"
                + " engine's type with YAML of names and values. Ignored while it does not exist.")
        @Nullable String configTemplateName,
    @JsonPropertyDescription(
            "ConfigMap with engine parameters for this unit, in the same form; they win over those of"
                + " configTemplateName.")
        @Nullable String configValueName,
    @Size(max = 63)
        @JsonPropertyDescription(
            "Replication or cluster mode that the engine is configured for; when empty, the"
                + " environment variable ARCH_MODE of its container.")
        @Nullable String mode,
    @JsonPropertyDescription("Engine parameters by name; they win over those of configValueName.")
        Map<String, JsonNode> parameters,
    @Required
        @JsonPropertyDescription(
            "The Pod. The engine's container is the one that the annotation"
                + " kubectl.kubernetes.io/default-container names, else the first. The agent is"
                + " added to it.")
        PodTemplate template,
    @Size(max = 16) @JsonPropertyDescription("Volume claims that are made, named <unit>-<name>.")
        List<VolumeClaimTemplate> volumeClaimTemplates,
    @Default("Automatic")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Automatic: the Pod is replaced when the template changes. OnDelete: when somebody"
                + " deletes it.")
        @Nullable PodUpdate podUpdatePolicy,
    @Default("Retain")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "What the volume claims are deleted with: Retain keeps them, Unit deletes them with this"
                + " Unit, UnitSet with the UnitSet that owns it.")
        @Nullable ClaimOwner volumeClaimRetention,
    @Default("false")
        @JsonPropertyDescription(
            "true leaves the unit to its user: no Pod is made, changed or replaced, and no"
                + " configuration or plugin is handed over, until it is false again. The annotation"
                + " unit-operator/maintenance: \"true\" says the same, also on a UnitSet.")
        @Nullable Boolean maintenance,
    @JsonPropertyDescription("What becomes of a Pod that ended; replaced after 10 s by default.")
        @Nullable FailedPodRecoverySpec failedPodRecoveryPolicy,
    @JsonPropertyDescription(
            "What fills an empty data volume before the engine starts for the first time. A volume"
                + " that holds an instance is never restored to.")
        @Nullable RestoreFromSpec restoreFrom) {

  /** What volume claims are deleted with. */
  public enum ClaimOwner {
    @JsonProperty("Retain")
    RETAIN,
    @JsonProperty("Unit")
    UNIT,
    @JsonProperty("UnitSet")
    UNIT_SET
  }

  /** When a Pod is replaced by one of the changed template. */
  public enum PodUpdate {
    @JsonProperty("Automatic")
    AUTOMATIC,
    @JsonProperty("OnDelete")
    ON_DELETE
  }

  /** What becomes of a Pod that ended. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FailedPodRecoverySpec(
      @Default("true")
          @JsonPropertyDescription(
              "false keeps a Pod that ended, so that it can be looked at; deleting it makes another.")
          @Nullable Boolean enabled,
      @Min(1)
          @JsonPropertyDescription(
              "How many times 10 s a Pod that ended is kept before it is replaced; 1 when not given.")
          @Nullable Integer reconcileThreshold) {}

  public UnitSpec {
    parameters = Lists.copy(parameters);
    volumeClaimTemplates = Lists.copy(volumeClaimTemplates);
  }

  public boolean running() {
    return startup == null || startup;
  }

  public boolean boundToNode() {
    return unbindNode == null || !unbindNode;
  }

  public boolean replacesPod() {
    return podUpdatePolicy != PodUpdate.ON_DELETE;
  }

  /** Whether a Pod that ended is replaced. */
  public boolean replacesEndedPod() {
    return failedPodRecoveryPolicy == null
        || failedPodRecoveryPolicy.enabled() == null
        || failedPodRecoveryPolicy.enabled();
  }

  /** How long a Pod that ended is kept, in steps of 10 s; at least 1. */
  public int endedPodSteps() {
    return failedPodRecoveryPolicy == null || failedPodRecoveryPolicy.reconcileThreshold() == null
        ? 1
        : Math.max(1, failedPodRecoveryPolicy.reconcileThreshold());
  }

  public ClaimOwner claimOwner() {
    return volumeClaimRetention == null ? ClaimOwner.RETAIN : volumeClaimRetention;
  }
}
