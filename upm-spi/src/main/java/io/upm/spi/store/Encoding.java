package io.upm.spi.store;

import java.util.Objects;
import java.util.Optional;

/**
 * What happens to data on their way into a store: they are compressed, then encrypted.
 *
 * @param compression how they are compressed
 * @param key what they are encrypted with; empty when they are stored as they are
 * @param context what the data are, authenticated with them when they are encrypted: one object
 *     can't be passed off as another
 */
public record Encoding(Compression compression, Optional<EncryptionKey> key, String context) {
  /** Ways to compress. */
  public enum Compression {
    ZSTD,
    GZIP,
    NONE
  }

  public Encoding {
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(context, "context");
  }
}
