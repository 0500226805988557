package io.upm.plugin.mysql.backup;

import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.Encoding.Compression;
import io.upm.spi.store.EncryptionKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How users want a backup to be stored.
 *
 * @param compression how it is compressed
 * @param key what it is encrypted with, if it is
 */
record WantedEncoding(Compression compression, Optional<EncryptionKey> key) {
  static final String DESCRIPTION =
      "AES256: encrypted before it leaves the Pod, with encryptionKey of the Secret; or none, which"
          + " it is without it.";

  private static final String AES = "AES256";

  /**
   * Reads what the parameters say.
   *
   * @throws PluginException of kind USER when that can't be done
   */
  static WantedEncoding of(
      @Nullable String compression, @Nullable String encryption, ActionContext context) {
    return new WantedEncoding(compression(compression), key(encryption, context));
  }

  /** That of an object. */
  Encoding of(String object) {
    return new Encoding(compression, key, object);
  }

  String keyId() {
    return key.map(EncryptionKey::id).orElse("");
  }

  static String said(@Nullable String given, String otherwise) {
    return given == null || given.isBlank() ? otherwise : given.strip();
  }

  private static Compression compression(@Nullable String given) {
    return switch (said(given, "zstd")) {
      case "zstd" -> Compression.ZSTD;
      case "gzip" -> Compression.GZIP;
      case "none" -> Compression.NONE;
      default -> throw Place.wrong("compression", given, "zstd, gzip or none");
    };
  }

  private static Optional<EncryptionKey> key(@Nullable String given, ActionContext context) {
    if (said(given, "none").equals("none")) {
      return Optional.empty();
    }
    if (!said(given, "").equalsIgnoreCase(AES)) {
      throw Place.wrong("encryption", given, AES + " or none");
    }
    return Optional.of(
        Place.encryptionKey(context)
            .orElseThrow(() ->
                PluginException.user(
                    "spec.secretRef: encryption %s needs key %s in the Secret, of: openssl rand"
                            .formatted(AES, Place.ENCRYPTION_KEY)
                        + " -base64 32")));
  }
}
