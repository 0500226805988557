package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What a change of one resource means for the engine's container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResizePolicySpec(
    @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("The resource: cpu or memory.")
        @Nullable Resource resourceName,
    @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "NotRequired: it is changed while the container runs. RestartContainer: the container"
                + " is started again with it.")
        @Nullable Restart restartPolicy) {

  /** Resources that can be changed in place. */
  public enum Resource {
    @JsonProperty("cpu")
    CPU("cpu"),
    @JsonProperty("memory")
    MEMORY("memory");

    private final String text;

    Resource(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    public String text() {
      return text;
    }
  }

  /** What happens to the container. */
  public enum Restart {
    @JsonProperty("NotRequired")
    NOT_REQUIRED("NotRequired"),
    @JsonProperty("RestartContainer")
    RESTART_CONTAINER("RestartContainer");

    private final String text;

    Restart(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    public String text() {
      return text;
    }
  }
}
