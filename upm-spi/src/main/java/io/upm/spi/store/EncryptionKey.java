package io.upm.spi.store;

import io.upm.spi.Password;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A user's key of 256 bits. Objects are encrypted with keys that are derived from it, by
 * AES-256-GCM in segments of 1 MiB: Tink's AES256_GCM_HKDF_1MB (<a
 * href="https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming">its
 * description</a>). Never prints itself.
 */
public final class EncryptionKey {
  private static final int BYTES = 32;
  private static final int ID_DIGITS = 16;

  private final byte[] bytes;

  private EncryptionKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a key.
   *
   * @param base64 32 bytes in base64, as {@code openssl rand -base64 32} prints them
   * @throws IllegalArgumentException when they are not; the message doesn't show them
   */
  public static EncryptionKey of(Password base64) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(base64.reveal().strip());
      if (bytes.length == BYTES) {
        return new EncryptionKey(bytes);
      }
    } catch (IllegalArgumentException e) {
      // It says too much.
    }
    throw new IllegalArgumentException("32 bytes in base64, such as of: openssl rand -base64 32");
  }

  /** The key itself. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Tells which key it is, and nothing about it. */
  public String id() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncryptionKey that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "***";
  }
}
