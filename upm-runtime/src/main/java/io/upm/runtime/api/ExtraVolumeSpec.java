package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Volume;

/** A volume of any kind that Kubernetes knows. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExtraVolumeSpec(
    @Required @JsonPropertyDescription("The volume, as in a Pod.") Volume volume,
    @Required
        @Pattern("^/.*")
        @Size(min = 2, max = 255)
        @JsonPropertyDescription("Absolute path in the engine's container.")
        String volumeMountPath) {}
