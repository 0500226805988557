package io.upm.runtime.toy;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * Spec of the toy topology.
 *
 * @param misbehave how the manager is to fail, for tests
 */
public record ToySpec(
    @NotBlank String secret,
    @NotNull @Valid ToyNode source,
    List<@Valid ToyNode> replica,
    @JsonProperty(defaultValue = "ClusterIP") String serviceType,
    @JsonProperty(defaultValue = "no") String misbehave) {
  /** A node. */
  public record ToyNode(@NotBlank String name, @NotBlank String host, int port) {}
}
