package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How Prometheus finds the metrics of the units. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodMonitorSpec(
    @Default("false")
        @JsonPropertyDescription(
            "Whether there is a PodMonitor <unitset>-exporter-podmon. It takes the Prometheus"
                + " operator's resource kinds; without them nothing is made.")
        boolean enable,
    @Size(max = 8) @JsonPropertyDescription("What is scraped; the agent's metrics when empty.")
        List<Endpoint> endpoints) {

  /** One port that is scraped. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Endpoint(
      @Size(max = 63)
          @JsonPropertyDescription(
              "Name of a port of the Pods: metrics (the default) is the agent's, else one of the"
                  + " engine's ports.")
          @Nullable String port,
      @Pattern("^/.*")
          @Size(max = 255)
          @JsonPropertyDescription("Path of the metrics; /metrics when not given.")
          @Nullable String path,
      @Size(max = 16)
          @JsonPropertyDescription(
              "Time between two scrapes, such as 30s; Prometheus' own when not given.")
          @Nullable String interval,
      @Size(max = 32)
          @JsonPropertyDescription("Changes of the target's labels, one after the other.")
          List<Relabeling> relabelConfigs) {
    public Endpoint {
      relabelConfigs = Lists.copy(relabelConfigs);
    }
  }

  /** A change of labels, as Prometheus defines it. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Relabeling(
      @Size(max = 16) @JsonPropertyDescription("Labels whose values are matched.")
          List<String> sourceLabels,
      @Size(max = 1024)
          @JsonPropertyDescription("Regular expression for their values; all match when not given.")
          @Nullable String regex,
      @Size(max = 253) @JsonPropertyDescription("Label that gets the result.")
          @Nullable String targetLabel,
      @Size(max = 1024)
          @JsonPropertyDescription("What it gets; the first group of regex when not given.")
          @Nullable String replacement,
      @Size(max = 16)
          @JsonPropertyDescription("What is done, such as replace (the default), keep or drop.")
          @Nullable String action) {
    public Relabeling {
      sourceLabels = Lists.copy(sourceLabels);
    }
  }

  public PodMonitorSpec {
    endpoints = Lists.copy(endpoints);
  }
}
