package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Pod of a Unit, without what the runtime adds. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodTemplate(
    @JsonPropertyDescription("Labels and annotations of the Pod.")
        @Nullable TemplateMetadata metadata,
    @Required @JsonPropertyDescription("Spec of the Pod, as Kubernetes defines it.") PodSpec spec) {

  /** Labels and annotations. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record TemplateMetadata(
      @JsonPropertyDescription("Labels of the Pod.") Map<String, String> labels,
      @JsonPropertyDescription("Annotations of the Pod.") Map<String, String> annotations) {
    public TemplateMetadata {
      labels = Lists.copy(labels);
      annotations = Lists.copy(annotations);
    }
  }

  public Map<String, String> labels() {
    return metadata == null ? Map.of() : metadata.labels();
  }

  public Map<String, String> annotations() {
    return metadata == null ? Map.of() : metadata.annotations();
  }
}
