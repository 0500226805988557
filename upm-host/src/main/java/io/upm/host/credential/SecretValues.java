package io.upm.host.credential;

import io.upm.spi.Password;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords out of the values of a Secret.
 *
 * <p>Plain values are UTF-8 text. Users who come from the Go system have encrypted ones:
 * initialisation vector (16 bytes), then AES-256-CTR ciphertext, as raw bytes or as base64 text of
 * them; the key is 32 ASCII characters. That format has no checksum, so whether a key is right
 * shows only in whether the result is text.
 */
public final class SecretValues {
  private static final int VECTOR_BYTES = 16;
  private static final int KEY_BYTES = 32;

  private SecretValues() {}

  /**
   * The password that a value holds.
   *
   * @param value the value of one key of a Secret
   * @param cipherKey the AES key; empty when values are plain
   * @throws UnreadableSecretException when it holds none
   */
  public static Password decode(byte[] value, Optional<byte[]> cipherKey) {
    return cipherKey.isPresent() ? decrypt(value, cipherKey.get()) : plain(value);
  }

  private static Password plain(byte[] value) {
    return text(value, length(value))
        .orElseThrow(() ->
            new UnreadableSecretException(
                "the value is not text; if it is encrypted, name the Secret and key with its"
                    + " AES key"));
  }

  private static Password decrypt(byte[] value, byte[] cipherKey) {
    int keyLength = length(cipherKey);
    if (keyLength != KEY_BYTES) {
      throw new UnreadableSecretException(
          "the AES key has %d bytes instead of %d".formatted(keyLength, KEY_BYTES));
    }
    var key = new SecretKeySpec(cipherKey, 0, KEY_BYTES, "AES");
    return unarmoured(value)
        .flatMap(bytes -> decrypt(bytes, key))
        .or(() -> decrypt(value, key))
        .orElseThrow(() ->
            new UnreadableSecretException(
                value.length <= VECTOR_BYTES
                    ? "the value is too short to be encrypted with an AES key"
                    : "the value does not decrypt to text: wrong AES key, or not encrypted"));
  }

  private static Optional<Password> decrypt(byte[] bytes, SecretKeySpec key) {
    if (bytes.length <= VECTOR_BYTES) {
      return Optional.empty();
    }
    byte[] result;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(bytes, 0, VECTOR_BYTES));
      result = cipher.doFinal(bytes, VECTOR_BYTES, bytes.length - VECTOR_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-256 in counter mode", e);
    }
    try {
      return text(result, result.length);
    } finally {
      Arrays.fill(result, (byte) 0);
    }
  }

  /** The bytes behind base64 text; empty when it is none. */
  private static Optional<byte[]> unarmoured(byte[] value) {
    try {
      return Optional.of(Base64.getDecoder().decode(Arrays.copyOf(value, length(value))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Password> text(byte[] bytes, int length) {
    CharBuffer chars;
    try {
      chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    if (chars.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    var characters = new char[chars.length()];
    chars.get(characters);
    return Optional.of(Password.of(characters));
  }

  /** Length without one trailing newline, which editors and {@code echo} add. */
  private static int length(byte[] value) {
    int length = value.length;
    if (length > 0 && value[length - 1] == '\n') {
      length--;
      if (length > 0 && value[length - 1] == '\r') {
        length--;
      }
    }
    return length;
  }
}
