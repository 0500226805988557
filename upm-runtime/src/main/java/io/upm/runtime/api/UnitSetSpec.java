package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user wants of a UnitSet. Field names as documented; lists and maps are never null. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.type == oldSelf.type",
    message = "spec.type can't be changed: create another UnitSet and move the data",
    messageExpression =
        "\"spec.type can't be changed from \" + oldSelf.type + \" to \" + self.type + \": create"
            + " another UnitSet and move the data\"",
    fieldPath = ".type")
@ValidationRule(
    value =
        "!has(oldSelf.storages) || !has(self.storages) || self.storages.all(s,"
            + " !oldSelf.storages.exists(o, o.name == s.name && (has(o.storageClassName) ?"
            + " o.storageClassName : '') != (has(s.storageClassName) ? s.storageClassName : '')))",
    message = "storageClassName of a storage can't be changed: Kubernetes can't move a volume")
@ValidationRule(
    value = "!has(self.certificateSecret) || !has(self.certificateProfile)",
    message = "either certificateSecret or certificateProfile: both are mounted at /CERT_MOUNT",
    fieldPath = ".certificateProfile")
@ValidationRule(
    value = "!has(self.restoreFrom) || has(oldSelf.restoreFrom)",
    message =
        "spec.restoreFrom can only be given when the UnitSet is made: what its units hold is not"
            + " replaced",
    fieldPath = ".restoreFrom")
public record UnitSetSpec(
    @Required
        @Size(min = 1, max = 31)
        @JsonPropertyDescription(
            "Database engine, by the name that its plugin gives it. Also the name of the engine's"
                + " container. Can't be changed.")
        String type,
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Engine version, such as \"8.0.41\". Another version is rolled out unit by unit.")
        String version,
    @Size(max = 40)
        @JsonPropertyDescription(
            "Edition of the engine. Empty and \"community\" stand for the plain image of the version;"
                + " any other is added to the image's version, as in 8.0.41-enterprise.")
        @Nullable String edition,
    @Required
        @Min(1)
        @Max(999)
        @SpecReplicas
        @JsonPropertyDescription(
            "Number of units. Units are named <unitset>-0, <unitset>-1 and so on; those with the"
                + " highest numbers are removed first.")
        int units,
    @JsonPropertyDescription(
            "ConfigMap in the same namespace with settings shared by several sets. Key <type>_ports:"
                + " JSON list of {name, containerPort} that replaces the engine's port numbers. When"
                + " there is no such ConfigMap the engine's own ports are used.")
        @Nullable String sharedConfigName,
    @JsonPropertyDescription(
            "CPU and memory of the engine's container. Its configuration is sized from the limits."
                + " A change is rolled out unit by unit.")
        @Nullable ResourceSpec resources,
    @JsonPropertyDescription(
            "Environment variables of the engine's container, also read by the plugin, such as"
                + " ADM_USER. A change is rolled out unit by unit.")
        List<EnvVar> env,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Persistent volumes, one claim for each unit, named <unit>-<name>.")
        List<StorageSpec> storages,
    @Size(max = 16)
        @JsonPropertyDescription("Volumes that are empty whenever the Pod is made anew.")
        List<EmptyDirSpec> emptyDir,
    @JsonPropertyDescription("Secret with the passwords of the database accounts.")
        @Nullable SecretSpec secret,
    @JsonPropertyDescription("Secret with the certificate that the engine shows to its clients.")
        @Nullable CertificateSecretSpec certificateSecret,
    @JsonPropertyDescription(
            "Service <unitset>-svc to all ready units. Removing this field removes the Service.")
        @Nullable ServiceSpec externalService,
    @JsonPropertyDescription(
            "One Service <unit>-svc to each unit, ready or not. Removing this field removes them.")
        @Nullable ServiceSpec unitService,
    @JsonPropertyDescription("How changes reach running units.")
        @Nullable UpdateStrategySpec updateStrategy,
    @JsonPropertyDescription("Labels that a node must have; a node has to satisfy all entries.")
        List<NodeAffinityPresetSpec> nodeAffinityPreset,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Whether units of this set should (soft) or must (hard) run on different nodes.")
        @Nullable AntiAffinity podAntiAffinityPreset,
    @Size(max = 16)
        @JsonPropertyDescription("Further volumes, mounted into the engine's container.")
        List<ExtraVolumeSpec> extraVolume,
    @JsonPropertyDescription(
            "Certificates of the units' own, which cert-manager issues and which are mounted at"
                + " /CERT_MOUNT. Either this or certificateSecret.")
        @Nullable CertificateProfileSpec certificateProfile,
    @JsonPropertyDescription("How Prometheus finds the metrics of the units.")
        @Nullable PodMonitorSpec podMonitor,
    @Size(max = 2)
        @JsonPropertyDescription(
            "What a change of CPU or memory means for the engine's container; as Kubernetes does by"
                + " itself when not given.")
        List<ResizePolicySpec> resizePolicy,
    @JsonPropertyDescription("The engine's plugin; the newest that is there when not given.")
        @Nullable PluginSpec plugin,
    @Size(max = 8) @JsonPropertyDescription("How the units are spread over zones, racks or nodes.")
        List<TopologySpreadSpec> topologySpreadConstraints,
    @Size(max = 253)
        @JsonPropertyDescription("Priority class of the Pods; the cluster's default when empty.")
        @Nullable String priorityClassName,
    @Size(max = 16) @JsonPropertyDescription("Secrets that open the registries of the images.")
        List<ImagePullSecretSpec> imagePullSecrets,
    @Min(0)
        @Max(86400)
        @JsonPropertyDescription(
            "Seconds that a changed unit must have been ready before the next one is changed; 0"
                + " when not given.")
        @Nullable Integer minReadySeconds,
    @JsonPropertyDescription(
            "Engine parameters by name, such as max_connections: 500. What can be changed in the"
                + " running engine is; the rest waits for a restart.")
        Map<String, JsonNode> parameters,
    @JsonPropertyDescription("Replication or cluster that the units form.")
        @Nullable TopologySpec topology,
    @JsonPropertyDescription(
            "Backup that the units begin with, each on its empty data volume; a unit that holds data"
                + " is never restored to.")
        @Nullable RestoreFromSpec restoreFrom,
    @JsonPropertyDescription("What becomes of the volume claims.")
        @Nullable ClaimRetentionSpec persistentVolumeClaimRetentionPolicy,
    @Default("false")
        @JsonPropertyDescription(
            "Stops all changes to this set's Units and Services; Pods are still kept alive and status"
                + " is still written.")
        boolean pause) {

  /** Whether Pods of one set may share a node. */
  public enum AntiAffinity {
    @JsonProperty("soft")
    SOFT,
    @JsonProperty("hard")
    HARD
  }

  public UnitSetSpec {
    env = Lists.copy(env);
    storages = Lists.copy(storages);
    emptyDir = Lists.copy(emptyDir);
    nodeAffinityPreset = Lists.copy(nodeAffinityPreset);
    extraVolume = Lists.copy(extraVolume);
    resizePolicy = Lists.copy(resizePolicy);
    topologySpreadConstraints = Lists.copy(topologySpreadConstraints);
    imagePullSecrets = Lists.copy(imagePullSecrets);
    parameters = Lists.copy(parameters);
  }

  /** Version of the plugin that is asked for; empty for the one that serves. */
  public String pluginVersion() {
    return plugin == null || plugin.version() == null ? "" : plugin.version();
  }

  /** How long a changed unit must have been ready before the next one is changed. */
  public Duration minReady() {
    return Duration.ofSeconds(minReadySeconds == null ? 0 : minReadySeconds);
  }

  /** Whether Prometheus is to find the units. */
  public boolean monitored() {
    return podMonitor != null && podMonitor.enable();
  }
}
