package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import java.util.Map;

/** A volume claim of a Unit. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VolumeClaimTemplate(
    @Required @JsonPropertyDescription("Name, labels and annotations.") ClaimMetadata metadata,
    @Required @JsonPropertyDescription("Spec of the claim, as Kubernetes defines it.")
        PersistentVolumeClaimSpec spec) {

  /** Name, labels and annotations of a volume claim. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ClaimMetadata(
      @Required
          @Size(min = 1, max = 63)
          @JsonPropertyDescription("Name of the volume; the claim is named <unit>-<name>.")
          String name,
      @JsonPropertyDescription("Labels of the claim.") Map<String, String> labels,
      @JsonPropertyDescription("Annotations of the claim.") Map<String, String> annotations) {
    public ClaimMetadata {
      labels = Lists.copy(labels);
      annotations = Lists.copy(annotations);
    }
  }
}
