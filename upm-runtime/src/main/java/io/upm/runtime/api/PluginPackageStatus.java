package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime did with a Plugin. {@code version} and {@code digest} are its memory: every
 * replica, and every runtime after a restart, serves exactly that build.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PluginPackageStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Version that serves; not there before the first one.")
        @Nullable String version,
    @JsonPropertyDescription("SHA-256 of its zip.") @Nullable String digest,
    @JsonInclude(JsonInclude.Include.ALWAYS)
        @JsonPropertyDescription("UnitSets that versions of this plugin serve.")
        int unitSets,
    @JsonPropertyDescription("What is awaited; not there while nothing is.")
        @Nullable Awaited waitingFor,
    @JsonPropertyDescription(
            "Versions that are here: the one that serves first, then those that UnitSets name or that"
                + " can be gone back to without their source.")
        List<VersionStatus> versions,
    @JsonPropertyDescription(
            "What became of the version that was rolled out last; not there for one that served"
                + " before.")
        @Nullable Rollout rollout,
    @JsonPropertyDescription(
            "Ready: the version that the spec wants serves. Serving: a version of the plugin serves."
                + " Healthy: its calls succeed.")
        List<Condition> conditions) {

  /** Where a version is between its source and its end. */
  public enum Phase {
    @JsonProperty("Resolved")
    RESOLVED,
    @JsonProperty("Verified")
    VERIFIED,
    @JsonProperty("Active")
    ACTIVE,
    @JsonProperty("Draining")
    DRAINING,
    @JsonProperty("Unloaded")
    UNLOADED,
    @JsonProperty("Reclaimed")
    RECLAIMED,
    @JsonProperty("Leaked")
    LEAKED
  }

  /** One version. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record VersionStatus(
      @JsonPropertyDescription("Version of the plugin.") String version,
      @JsonPropertyDescription("SHA-256 of its zip.") String digest,
      @JsonPropertyDescription("Where it came from.") @Nullable String source,
      @JsonPropertyDescription(
              "Resolved: known, its zip isn't here. Verified: its zip is here and in order."
                  + " Active: takes calls. Draining: takes no new call, those inside end. Unloaded:"
                  + " its classes are closed. Reclaimed: nothing of it is left in memory. Leaked:"
                  + " something still refers to it.")
          Phase phase,
      @JsonPropertyDescription("SPI versions that it works with.") @Nullable String apiRange,
      @JsonPropertyDescription("Engine that it serves.") @Nullable String engine,
      @JsonPropertyDescription("Series of the engine that it serves.") List<String> engineVersions,
      @JsonPropertyDescription("Name of the trusted key that its signature is of.")
          @Nullable String signedBy,
      @JsonPropertyDescription(
              "What the TCK proved of it when it was built, or why nothing is known of that.")
          @Nullable String tck,
      @JsonInclude(JsonInclude.Include.ALWAYS) @JsonPropertyDescription("UnitSets that it serves.")
          int unitSets,
      @JsonPropertyDescription("Calls that are inside it while it drains.")
          @Nullable Integer inFlight,
      @JsonPropertyDescription(
              "What holds it in memory, once it is Leaked: a thread or a static field, and the way"
                  + " from there.")
          @Nullable String heldBy,
      @JsonPropertyDescription(
              "What it does that it should not, and the runtime keeps from others: calls that don't"
                  + " end, too much in the log.")
          @Nullable String trouble) {
    public VersionStatus {
      engineVersions = Lists.copy(engineVersions);
    }
  }

  /** How far a roll-out came. */
  public enum RolloutPhase {
    @JsonProperty("Canary")
    CANARY,
    @JsonProperty("Promoted")
    PROMOTED,
    @JsonProperty("RolledBack")
    ROLLED_BACK
  }

  /** What became of the version that was rolled out last. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rollout(
      @JsonPropertyDescription("Version that is or was rolled out.") String version,
      @JsonPropertyDescription("SHA-256 of its zip.") String digest,
      @JsonPropertyDescription("Generation of the spec that wanted it.") long generation,
      @JsonPropertyDescription(
              "Canary: serves some UnitSets first. Promoted: serves all that follow the plugin. RolledBack: failed; the one before it"
                  + " serves, and it isn't tried again until the spec changes.")
          RolloutPhase phase,
      @JsonPropertyDescription("When that phase began.") String since,
      @JsonPropertyDescription("UnitSets that it serves while it is a Canary.")
          @Nullable Integer unitSets,
      @JsonPropertyDescription("Why it was rolled back.") @Nullable String reason) {}

  /** What is awaited. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Awaited(
      @JsonPropertyDescription("What has to come true.") String predicate,
      @JsonPropertyDescription("Since when it is awaited.") String since,
      @JsonPropertyDescription("What the user can do; not there when nothing has to be done.")
          @Nullable String unblock) {}

  public PluginPackageStatus {
    versions = Lists.copy(versions);
    conditions = Lists.copy(conditions);
  }
}
