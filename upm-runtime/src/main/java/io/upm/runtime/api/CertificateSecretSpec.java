package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The Secret with the engine's own certificate. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateSecretSpec(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Name of a Secret in the same namespace, mounted read-only at /CERT_MOUNT.")
        String name,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Organization of the certificate; stands in the annotation"
                + " unit-operator/certificate.volume.certORG of Units and Pods.")
        @Nullable String organization) {}
