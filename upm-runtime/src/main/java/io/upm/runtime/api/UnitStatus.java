package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the runtime observed of a Unit. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UnitStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Pending: no running Pod yet. Running: the Pod runs. Ready: the engine serves clients."
                + " Succeeded, Failed: the Pod ended. Unknown: its node or agent is silent.")
        @Nullable Phase phase,
    @JsonPropertyDescription(
            "State of the engine's process as its agent says: waiting, initializing, starting,"
                + " running, stopping, stopped, crashed, blocked; unknown while the agent is silent.")
        @Nullable String processState,
    @JsonPropertyDescription("Role as the engine itself sees it.") @Nullable String role,
    @JsonPropertyDescription("Starts of the engine since its container started.")
        @Nullable Integer engineStarts,
    @JsonPropertyDescription("Node that the Pod runs on, or ran on last.")
        @Nullable String nodeName,
    @JsonPropertyDescription(
            "Whether that node is ready as Kubernetes says: True, False or Unknown.")
        @Nullable String nodeReady,
    @JsonPropertyDescription("Address of that node.") @Nullable String hostIP,
    @JsonPropertyDescription("Addresses of the Pod.") List<PodAddress> podIPs,
    @JsonPropertyDescription("Whether the engine has the configuration that the spec wants.")
        @Nullable ConfigSyncStatus configSyncStatus,
    @JsonPropertyDescription("The volume claims.") List<ClaimStatus> persistentVolumeClaim,
    @JsonPropertyDescription("The agent in the Pod.") @Nullable AgentStatus agent,
    @JsonPropertyDescription("What the unit waits for; not there while it waits for nothing.")
        @Nullable WaitingFor waitingFor,
    @JsonPropertyDescription(
            "Ready: the engine serves clients. EngineRunning: its process runs. AgentConnected: its"
                + " agent reports. PluginAvailable: the runtime has a plugin for it. ConfigApplied:"
                + " its configuration is in force. CredentialsApplied: the"
                + " engine takes the passwords of a changed Secret. Updated: the Pod is as the template says.")
        List<Condition> conditions) {

  /** Life cycle of a Unit. */
  public enum Phase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Ready")
    READY,
    @JsonProperty("Succeeded")
    SUCCEEDED,
    @JsonProperty("Failed")
    FAILED,
    @JsonProperty("Unknown")
    UNKNOWN
  }

  /** An address of the Pod. */
  public record PodAddress(
      @JsonProperty("ip") @JsonPropertyDescription("IPv4 or IPv6 address.") String ip) {}

  /** Whether the configuration is in force. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ConfigSyncStatus(
      @JsonPropertyDescription("True, False or Unknown.") @Nullable String status,
      @JsonPropertyDescription("When that changed last.") @Nullable String lastTransitionTime) {}

  /** A volume claim. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ClaimStatus(
      @JsonPropertyDescription("Name of the claim.") String name,
      @JsonPropertyDescription("Name of the volume that it is bound to.")
          @Nullable String volumeName,
      @JsonPropertyDescription("Access modes.") List<String> accessModes,
      @JsonPropertyDescription("What it holds.") @Nullable ClaimCapacity capacity,
      @JsonPropertyDescription("Pending, Bound or Lost.") @Nullable String phase) {
    public ClaimStatus {
      accessModes = Lists.copy(accessModes);
    }
  }

  /** Capacity of a volume claim. */
  public record ClaimCapacity(
      @JsonProperty("storage") @JsonPropertyDescription("Size of the volume.") Quantity storage) {}

  /** What the agent is made of. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AgentStatus(
      @JsonPropertyDescription("Version of the agent.") @Nullable String version,
      @JsonPropertyDescription("Image that it came from.") @Nullable String image,
      @JsonPropertyDescription("Version of the plugin in use.") @Nullable String plugin) {}

  /** What is awaited. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WaitingFor(
      @JsonPropertyDescription("What has to come true.") String predicate,
      @JsonPropertyDescription("Since when it is awaited.") String since,
      @JsonPropertyDescription("What the user can do; not there when nothing has to be done.")
          @Nullable String unblock) {}

  public UnitStatus {
    podIPs = Lists.copy(podIPs);
    persistentVolumeClaim = Lists.copy(persistentVolumeClaim);
    conditions = Lists.copy(conditions);
  }
}
