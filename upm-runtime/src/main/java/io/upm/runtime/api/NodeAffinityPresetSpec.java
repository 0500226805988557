package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** A label that a node must have, with one of some values. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeAffinityPresetSpec(
    @Required @Size(min = 1, max = 317) @JsonPropertyDescription("Key of the node label.")
        String key,
    @Required @Size(min = 1) @JsonPropertyDescription("Allowed values.") List<String> values) {
  public NodeAffinityPresetSpec {
    values = Lists.copy(values);
  }
}
