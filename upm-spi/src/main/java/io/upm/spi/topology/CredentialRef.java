package io.upm.spi.topology;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a password is kept. The user name is the key, as it has always been in these resources.
 *
 * @param purpose how the manager asks for it, such as {@code admin}
 * @param secret name of a Secret in the object's namespace
 * @param key key in it, which is also the user's name
 * @param cipher Secret and key with the AES key of values in the old encrypted format; empty for
 *     plain ones
 */
public record CredentialRef(
    String purpose, String secret, String key, Optional<SecretKeyRef> cipher) {
  /** A key of a Secret. */
  public record SecretKeyRef(String name, String key) {}

  public CredentialRef {
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(secret, "secret");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(cipher, "cipher");
  }
}
