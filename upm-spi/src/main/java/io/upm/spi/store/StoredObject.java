package io.upm.spi.store;

import java.util.Objects;

/**
 * What a store holds, and how to tell that it is still that.
 *
 * @param key its key in the bucket
 * @param storedBytes size as it is stored
 * @param storedSha256 digest of that, hexadecimal
 * @param bytes size of what it stands for
 * @param sha256 digest of that, hexadecimal
 */
public record StoredObject(
    String key, long storedBytes, String storedSha256, long bytes, String sha256) {
  public StoredObject {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(storedSha256, "storedSha256");
    Objects.requireNonNull(sha256, "sha256");
  }

  /** The same under another key, as after a copy. */
  public StoredObject at(String other) {
    return new StoredObject(other, storedBytes, storedSha256, bytes, sha256);
  }
}
