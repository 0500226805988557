package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which plugin a user wants, and where it comes from. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.source.matches('^(oci://[^/]+/.+|https://[^/]+/.+|file:///.+)$')",
    message =
        "spec.source must begin with oci://, https:// or file:///, followed by where the plugin is",
    fieldPath = ".source")
@ValidationRule(
    value = "!has(self.pullSecret) || !self.source.startsWith('file://')",
    message = "spec.pullSecret is for oci:// and https:// only: a file asks for no password",
    fieldPath = ".pullSecret")
public record PluginPackageSpec(
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "Where the plugin's zip comes from: oci://<registry>/<repository>, of which the version"
                + " is the tag unless another tag or a digest follows; https://<host>/<path>; or"
                + " file:///<path>, in the runtime's container. {version} in it stands for the"
                + " version. It is read once for each version, never again by itself.")
        String source,
    @Required
        @Size(min = 5, max = 80)
        @Pattern("^[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]{1,64})?$")
        @JsonPropertyDescription(
            "Version that is to serve, such as 1.1.0. An older one than now rolls back.")
        String version,
    @Pattern("^sha256:[0-9a-f]{64}$")
        @JsonPropertyDescription(
            "SHA-256 of the zip, as sha256:<64 hexadecimal digits>. Anything else is refused."
                + " Without it, what was fetched first is what status.versions holds, and other"
                + " content under the same source and version is refused later.")
        @Nullable String digest,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Whether the zip has to be signed with a key that the runtime trusts: Required, IfPresent"
                + " (a signature that is there must be right) or None. The runtime's own policy"
                + " holds when not given, and when it is the stricter one.")
        @Nullable SignaturePolicy signaturePolicy,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Secret of type kubernetes.io/dockerconfigjson in the runtime's namespace, with what the"
                + " source asks for; oci:// and https:// only.")
        @Nullable String pullSecret,
    @JsonPropertyDescription(
            "Images to use instead of the plugin's own, by engine version, such as 8.4.2, or by name"
                + " of a series, such as 8.4; {version} in an image stands for the version. They"
                + " reach Pods that are made or changed from then on; none is replaced for them.")
        Map<String, String> images,
    @JsonPropertyDescription(
            "Whether everything stays as it is: nothing is fetched, and the version that serves goes"
                + " on.")
        @Nullable Boolean suspend,
    @JsonPropertyDescription("How a version comes to serve, and what becomes of one that fails.")
        @Nullable RolloutSpec rollout) {

  /** As most are: without a word on the roll-out. */
  public PluginPackageSpec(
      String source,
      String version,
      @Nullable String digest,
      @Nullable SignaturePolicy signaturePolicy,
      @Nullable String pullSecret,
      Map<String, String> images,
      @Nullable Boolean suspend) {
    this(source, version, digest, signaturePolicy, pullSecret, images, suspend, null);
  }

  /** What is asked of signatures, from lax to strict. */
  public enum SignaturePolicy {
    @JsonProperty("None")
    NONE,
    @JsonProperty("IfPresent")
    IF_PRESENT,
    @JsonProperty("Required")
    REQUIRED;

    /** The stricter of two. */
    public SignaturePolicy and(@Nullable SignaturePolicy other) {
      return other != null && other.compareTo(this) > 0 ? other : this;
    }
  }

  public PluginPackageSpec {
    images = Lists.copy(images);
  }

  /** Whether a version that fails is taken back. */
  public boolean rollsBack() {
    return rollout == null || rollout.rollsBack();
  }

  /** Whether everything stays as it is. */
  public boolean suspended() {
    return Boolean.TRUE.equals(suspend);
  }
}
