package io.upm.runtime.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a host asks for, out of a Docker configuration file.
 *
 * @param basic value of an {@code Authorization} header; empty when the file has none for the host
 */
record Credentials(Optional<String> basic) {
  static final Credentials NONE = new Credentials(Optional.empty());

  /**
   * Finds those of a host.
   *
   * @throws IllegalArgumentException when the text is no Docker configuration file
   */
  static Credentials find(String dockerConfig, String host) {
    JsonNode auths;
    try {
      auths = new JsonMapper().readTree(dockerConfig).path("auths");
    } catch (JsonProcessingException e) {
      // Without the parser's own words: they quote the text.
      throw new IllegalArgumentException("is no JSON");
    }
    for (String name : new String[] {host, "https://" + host, "http://" + host}) {
      JsonNode entry = auths.path(name);
      if (entry.hasNonNull("auth")) {
        return new Credentials(Optional.of("Basic " + entry.path("auth").asText().strip()));
      }
      if (entry.hasNonNull("username")) {
        String pair = entry.path("username").asText() + ":" + entry.path("password").asText();
        return new Credentials(
            Optional.of(
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
      }
    }
    return NONE;
  }

  /** A record's own would tell the password. */
  @Override
  public String toString() {
    return basic.isPresent() ? "Credentials[given]" : "Credentials[none]";
  }
}
