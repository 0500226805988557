package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Certificates that cert-manager issues, one for each unit. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CertificateProfileSpec(
    @Size(max = 8)
        @JsonPropertyDescription(
            "Organizations of the certificates; stand also in the annotation"
                + " unit-operator/certificate.volume.certORG of Units and Pods.")
        List<String> organizations,
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Name of a Secret in the same namespace with the authority that issues them, as tls.crt"
                + " and tls.key.")
        String rootSecret) {
  public CertificateProfileSpec {
    organizations = Lists.copy(organizations);
  }
}
