package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret that opens an image registry. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImagePullSecretSpec(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Name of a Secret in the same namespace.")
        String name) {}
