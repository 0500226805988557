package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How the units of a set belong together. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopologySpec(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Mode of the engine, such as rpl_semi_sync. The runtime makes and owns the object that"
                + " manages it; it has the UnitSet's name.")
        String mode,
    @JsonPropertyDescription("Services <unitset>-readwrite and <unitset>-readonly.")
        @Nullable TopologyServiceSpec service) {

  /** Services to the observed roles. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TopologyServiceSpec(
      @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          @JsonPropertyDescription("Type of both Services; ClusterIP when not given.")
          ServiceSpec.@Nullable Type type) {}

  /** Type of the Services as Kubernetes writes it. */
  public String serviceType() {
    return service == null || service.type() == null
        ? ServiceSpec.Type.CLUSTER_IP.text()
        : service.type().text();
  }
}
