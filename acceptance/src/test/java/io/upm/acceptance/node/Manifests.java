package io.upm.acceptance.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Manifests of the tests, from {@code src/test/resources}. */
final class Manifests {
  static final String ADMIN = "root";
  static final String PROVISION = "prov";
  static final String PASSWORD = "it's \"a\" pässword\\ %s";

  private Manifests() {}

  /** A file with {@code ${name}} and the like replaced. */
  static String file(String name, String... replacements) {
    String text = read("/" + name);
    for (int i = 0; i < replacements.length; i += 2) {
      text = text.replace("${" + replacements[i] + "}", replacements[i + 1]);
    }
    return text;
  }

  /** Passwords in plain data keys; the same for all users, with every awkward character. */
  static String secret(String name) {
    String encoded =
        java.util.Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    type: Opaque
    data: {root: %2$s, repl: %2$s, mon: %2$s, prov: %2$s}
    """
        .formatted(name, encoded);
  }

  private static String read(String resource) {
    try (var stream = Manifests.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
