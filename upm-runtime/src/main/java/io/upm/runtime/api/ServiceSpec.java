package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Service. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceSpec(
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Type of the Service; ClusterIP when not given.")
        @Nullable Type type,
    @JsonPropertyDescription("Annotations of the Service, as load balancers want them.")
        Map<String, String> annotations) {

  /** Types of a Service that can lead to Pods. */
  public enum Type {
    @JsonProperty("ClusterIP")
    CLUSTER_IP("ClusterIP"),
    @JsonProperty("NodePort")
    NODE_PORT("NodePort"),
    @JsonProperty("LoadBalancer")
    LOAD_BALANCER("LoadBalancer");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    public String text() {
      return text;
    }
  }

  public ServiceSpec {
    annotations = Lists.copy(annotations);
  }

  public Type typeOrDefault() {
    return type == null ? Type.CLUSTER_IP : type;
  }
}
