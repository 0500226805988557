package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The Secret with the passwords: one key for each database user. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretSpec(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Name of a Secret in the same namespace. A key is a user name, its value the password.")
        String name,
    @Required
        @Pattern("^/.*")
        @Size(min = 2, max = 255)
        @JsonPropertyDescription("Absolute path in the engine's container where it is mounted.")
        String mountPath,
    @JsonPropertyDescription(
            "Key of passwords that were encrypted for the former operator. Leave it out when the"
                + " values are the passwords themselves.")
        @Nullable CipherSpec cipher) {

  /** Where the AES key of encrypted passwords is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CipherSpec(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Name of a Secret in the same namespace.")
          String name,
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Key in it that holds the 32 characters of the AES-256 key.")
          String key) {}
}
