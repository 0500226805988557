package io.upm.acceptance.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

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
    String encoded = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    type: Opaque
    data: {root: %2$s, repl: %2$s, mon: %2$s, prov: %2$s}
    """
        .formatted(name, encoded);
  }

  /**
   * The same passwords as the former operator kept them: AES-256-CTR, the initialisation vector
   * first. The key lies in a Secret of its own.
   */
  static String encryptedSecret(String name, String keySecret) {
    String key = "0123456789abcdefghijklmnopqrstuv";
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    type: Opaque
    stringData: {AES_SECRET_KEY: %s}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    type: Opaque
    data: {root: %s, repl: %s, mon: %s, prov: %s}
    """
        .formatted(
            keySecret, key, name, encrypted(key), encrypted(key), encrypted(key), encrypted(key));
  }

  private static String encrypted(String key) {
    byte[] vector = new byte[16];
    new SecureRandom().nextBytes(vector);
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"),
          new IvParameterSpec(vector));
      byte[] text = cipher.doFinal(PASSWORD.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder()
          .encodeToString(
              ByteBuffer.allocate(vector.length + text.length).put(vector).put(text).array());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
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
