package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the runtime observed of a UnitSet. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UnitSetStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @StatusReplicas @JsonPropertyDescription("Units that there are.") int units,
    @JsonPropertyDescription("Units whose engine serves clients.") int readyUnits,
    @JsonPropertyDescription(
            "Units that are being changed now, with commas between them; \"false\" when none is.")
        @Nullable String inUpdate,
    @JsonDeserialize(using = SyncState.Lenient.class)
        @JsonPropertyDescription("Whether the volume claims are bound and as large as wanted.")
        @Nullable SyncState unitPVCSynced,
    @JsonDeserialize(using = SyncState.Lenient.class)
        @JsonPropertyDescription("Whether all units run the wanted version.")
        @Nullable SyncState unitImageSynced,
    @JsonDeserialize(using = SyncState.Lenient.class)
        @JsonPropertyDescription("Whether all units have the wanted CPU and memory.")
        @Nullable SyncState unitResourceSynced,
    @LabelSelector
        @JsonPropertyDescription("Label selector of the Pods, for the scale subresource.")
        @Nullable String selector,
    @JsonPropertyDescription("The external Service.") @Nullable ExternalService externalService,
    @JsonPropertyDescription("The Services of the units.") @Nullable UnitServices unitService,
    @JsonPropertyDescription(
            "Ready: all units and their topology. Progressing: changes are under way. Degraded: help"
                + " is needed. Valid: the spec can be carried out.")
        List<Condition> conditions) {

  /** The external Service by name. */
  public record ExternalService(
      @JsonProperty("name") @JsonPropertyDescription("Name of the Service.") String name) {}

  /** The Services of the units by unit name. */
  public record UnitServices(
      @JsonProperty("name") @JsonPropertyDescription("Name of each unit's Service.")
          Map<String, String> name) {
    public UnitServices {
      name = Lists.copy(name);
    }
  }

  public UnitSetStatus {
    conditions = Lists.copy(conditions);
  }
}
