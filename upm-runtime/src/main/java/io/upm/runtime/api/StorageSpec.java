package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A persistent volume of each unit. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageSpec(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Name of the volume, such as data or log; the engine's plugin says which it knows.")
        String name,
    @Required
        @Pattern("^/.*")
        @Size(min = 2, max = 255)
        @JsonPropertyDescription("Absolute path in the engine's container.")
        String mountPath,
    @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription(
            "Size, such as 10Gi. It can grow where the storage class allows it, and never shrinks.")
        String size,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Storage class; the cluster's default class when not given. Can't be changed.")
        @Nullable String storageClassName) {}
