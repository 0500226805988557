package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Service. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "!has(self.type) || self.type != 'LoadBalancer' || !has(oldSelf.type) || oldSelf.type !="
            + " 'LoadBalancer' || (has(oldSelf.loadBalancerClass) ? oldSelf.loadBalancerClass : '')"
            + " == (has(self.loadBalancerClass) ? self.loadBalancerClass : '')",
    message =
        "loadBalancerClass can't be changed while the type is LoadBalancer: remove the Service, then"
            + " add it with another class")
public record ServiceSpec(
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Type of the Service; ClusterIP when not given.")
        @Nullable Type type,
    @JsonPropertyDescription("Annotations of the Service, as load balancers want them.")
        Map<String, String> annotations,
    @Size(min = 1, max = 317)
        @JsonPropertyDescription(
            "Which of the cluster's load balancers serves it; only with type LoadBalancer. Can't be"
                + " changed while the Service has that type.")
        @Nullable String loadBalancerClass,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Networks, such as 10.0.0.0/8, whose clients the load balancer lets in; only with type"
                + " LoadBalancer.")
        List<String> loadBalancerSourceRanges,
    @JsonPropertyDescription(
            "Whether a load balancer gets node ports, too; true when not given. Only with type"
                + " LoadBalancer.")
        @Nullable Boolean allocateLoadBalancerNodePorts,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Cluster: any node leads to any unit. Local: a node leads to its own units only, which"
                + " keeps the client's address. Only with type NodePort or LoadBalancer.")
        @Nullable TrafficPolicy externalTrafficPolicy) {

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

  /** To which Pods traffic from outside goes. */
  public enum TrafficPolicy {
    @JsonProperty("Cluster")
    CLUSTER("Cluster"),
    @JsonProperty("Local")
    LOCAL("Local");

    private final String text;

    TrafficPolicy(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    public String text() {
      return text;
    }
  }

  public ServiceSpec {
    annotations = Lists.copy(annotations);
    loadBalancerSourceRanges = Lists.copy(loadBalancerSourceRanges);
  }

  public Type typeOrDefault() {
    return type == null ? Type.CLUSTER_IP : type;
  }
}
