package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Resources of the engine's container. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceSpec(
    @JsonPropertyDescription("The most it may use, such as cpu: \"2\" and memory: 4Gi.")
        Map<String, Quantity> limits,
    @JsonPropertyDescription("What is set aside for it on the node.")
        Map<String, Quantity> requests) {
  public ResourceSpec {
    limits = Lists.copy(limits);
    requests = Lists.copy(requests);
  }
}
