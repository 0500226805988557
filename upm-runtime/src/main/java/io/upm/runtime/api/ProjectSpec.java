package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What a user wants of a Project. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProjectSpec(
    @JsonPropertyDescription("Certificate authority of the namespace, which cert-manager makes.")
        @Nullable AuthoritySpec ca) {

  /** A certificate authority. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!self.enabled || has(self.commonName)",
      message = "spec.ca.commonName is missing: the name of the authority",
      fieldPath = ".commonName")
  @ValidationRule(
      value = "!self.enabled || has(self.secretName)",
      message = "spec.ca.secretName is missing: the Secret that its certificate and key go to",
      fieldPath = ".secretName")
  @ValidationRule(
      value = "!has(self.secretName) || self.secretName != 'aes-secret-key'",
      message =
          "spec.ca.secretName must not be aes-secret-key: that Secret holds the Project's key",
      fieldPath = ".secretName")
  public record AuthoritySpec(
      @Default("false") @JsonPropertyDescription("Whether there is an authority.") boolean enabled,
      @Size(min = 1, max = 64) @JsonPropertyDescription("Common name in its certificate.")
          @Nullable String commonName,
      @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
          @Size(min = 1, max = 63)
          @JsonPropertyDescription(
              "Secret in the namespace that its certificate and key go to; what"
                  + " spec.certificateProfile.rootSecret of a UnitSet names.")
          @Nullable String secretName,
      @Pattern("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$")
          @Size(max = 32)
          @JsonPropertyDescription("How long its certificate is valid; 87600h when not given.")
          @Nullable String duration,
      @Pattern("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$")
          @Size(max = 32)
          @JsonPropertyDescription("How long before its end it is renewed; 2160h when not given.")
          @Nullable String renewBefore,
      @JsonPropertyDescription("Key of the authority.") @Nullable KeySpec privateKey) {}

  /** A private key. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.size) || (has(self.algorithm) && self.algorithm == 'ECDSA' ? self.size in"
              + " [256, 384, 521] : has(self.algorithm) && self.algorithm == 'Ed25519' ? false :"
              + " self.size in [2048, 3072, 4096])",
      message =
          "size must be 2048, 3072 or 4096 for RSA, 256, 384 or 521 for ECDSA, and be left out for"
              + " Ed25519",
      fieldPath = ".size")
  public record KeySpec(
      @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          @JsonPropertyDescription("RSA (the default), ECDSA or Ed25519.")
          @Nullable Algorithm algorithm,
      @Min(1)
          @Max(16384)
          @JsonPropertyDescription(
              "Bits of the key; 2048 for RSA and 256 for ECDSA when not given.")
          @Nullable Integer size) {}

  /** Algorithms of keys. */
  public enum Algorithm {
    @JsonProperty("RSA")
    RSA("RSA"),
    @JsonProperty("ECDSA")
    ECDSA("ECDSA"),
    @JsonProperty("Ed25519")
    ED25519("Ed25519");

    private final String text;

    Algorithm(String text) {
      this.text = text;
    }

    /** As cert-manager writes it. */
    public String text() {
      return text;
    }
  }

  /** The authority that is wanted; null when none is. */
  public @Nullable AuthoritySpec authority() {
    return ca != null && ca.enabled() ? ca : null;
  }
}
