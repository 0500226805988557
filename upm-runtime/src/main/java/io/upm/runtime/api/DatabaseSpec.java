package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database that is to be in an engine. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DatabaseSpec(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("Name of the UnitSet that it is in, in the same namespace.")
        String unitSet,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription("Its name in the engine; that of this object when not given.")
        @Nullable String name,
    @JsonPropertyDescription(
            "What is particular to the engine, by name, as its page says; the engine's defaults when"
                + " not given.")
        Map<String, String> options,
    @JsonPropertyDescription(
            "What becomes of it when this object is deleted: Retain, which it is when not given, or"
                + " Delete, which drops it with all that is in it.")
        @Nullable DeletionPolicy deletionPolicy)
    implements ProvisionSpec {
  public DatabaseSpec {
    options = Lists.copy(options);
  }
}
