package io.upm.example.etcd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.spi.topology.Endpoint;
import jakarta.validation.constraints.*;
import jakarta.validation.constraints.Pattern;
import module java.base;

/** {@code spec} of an {@code EtcdCluster}. */
record EtcdClusterSpec(
    @JsonPropertyDescription("Who belongs to the cluster.") @NotEmpty List<Server> members,
    @JsonPropertyDescription("Member that another takes the lead from; it is about to go.") Optional<String> yielding,
    @JsonProperty(defaultValue = "ClusterIP")
        @JsonPropertyDescription("Type of the Services.")
        @NotNull
        @Pattern(regexp = "ClusterIP|NodePort|LoadBalancer")
        String serviceType) {
  EtcdClusterSpec {
    members = List.copyOf(members);
  }

  /** A member that is wanted. */
  record Server(
      @JsonPropertyDescription("Name, that of the Unit.") @NotBlank String name,
      @JsonPropertyDescription("DNS name or address.") @NotBlank String host,
      @JsonPropertyDescription("Port for clients.") @Min(1) @Max(65535) int port) {
    Endpoint endpoint() {
      return new Endpoint(name, host, port);
    }

    String peerUrl() {
      return EtcdFiles.peerUrl(host);
    }
  }
}
