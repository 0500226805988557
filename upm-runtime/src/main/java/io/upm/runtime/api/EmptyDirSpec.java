package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A volume that lives as long as the Pod. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmptyDirSpec(
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Name of the volume, such as log.")
        String name,
    @Required
        @Pattern("^/.*")
        @Size(min = 2, max = 255)
        @JsonPropertyDescription("Absolute path in the engine's container.")
        String mountPath,
    @Size(min = 1, max = 32)
        @JsonPropertyDescription(
            "Most that it may hold, such as 1Gi; no limit when not given. The kubelet evicts a Pod"
                + " that holds more.")
        @Nullable String size) {}
