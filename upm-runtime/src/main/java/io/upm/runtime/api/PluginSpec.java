package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The engine's plugin. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PluginSpec(
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Version of the plugin that serves this set's units, such as 0.1.0; the newest one that"
                + " is there when not given. A change of it replaces no Pod.")
        @Nullable String version) {}
