package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A persistent volume of each unit. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!isQuantity(self.size) || !isQuantity(oldSelf.size) ||"
            + " !quantity(self.size).isLessThan(quantity(oldSelf.size))",
    message = "size can't be less than before: a volume can't shrink",
    messageExpression =
        "'size of ' + self.name + ' can be ' + oldSelf.size + ' or more, not ' + self.size + \": a"
            + " volume can't shrink\"",
    fieldPath = ".size")
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
