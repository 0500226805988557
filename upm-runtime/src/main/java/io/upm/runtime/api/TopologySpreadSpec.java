package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** How the units are spread over zones, racks or nodes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopologySpreadSpec(
    @Required
        @Min(1)
        @Max(999)
        @JsonPropertyDescription(
            "By how many units two domains may differ; 1 spreads them as evenly as can be.")
        int maxSkew,
    @Required
        @Size(min = 1, max = 317)
        @JsonPropertyDescription(
            "Key of the node label whose values are the domains, such as topology.kubernetes.io/zone.")
        String topologyKey,
    @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "DoNotSchedule: a unit that can't be placed so stays pending. ScheduleAnyway: it is"
                + " placed where it disturbs least.")
        @Nullable Unsatisfiable whenUnsatisfiable,
    @Min(1)
        @Max(999)
        @JsonPropertyDescription(
            "How many domains there must be at least; only with DoNotSchedule.")
        @Nullable Integer minDomains,
    @JsonPropertyDescription(
            "Pods that are counted, as a Kubernetes label selector; those of this set when not"
                + " given.")
        @Nullable LabelSelector labelSelector) {

  /** What to do when there is no such node. */
  public enum Unsatisfiable {
    @JsonProperty("DoNotSchedule")
    DO_NOT_SCHEDULE("DoNotSchedule"),
    @JsonProperty("ScheduleAnyway")
    SCHEDULE_ANYWAY("ScheduleAnyway");

    private final String text;

    Unsatisfiable(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    public String text() {
      return text;
    }
  }
}
