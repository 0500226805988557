package io.upm.host.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key that signs: Ed25519, or ECDSA with P-256 and SHA-256; from a file, never told. */
public final class SigningKey {
  /** Curve P-256 is the one of this size. */
  private static final int P256_BITS = 256;

  private static final int MAX_BYTES = 4096;
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final PrivateKey key;

  private SigningKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * Reads PKCS #8 in PEM, as {@code openssl genpkey} writes it.
   *
   * @throws IllegalArgumentException with one sentence, when the file holds something else, or
   *     others may read it
   */
  public static SigningKey read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw wrong(file);
    }
    checkKept(file);
    Matcher pem = PEM.matcher(Files.readString(file));
    if (!pem.find()) {
      throw wrong(file);
    }
    return new SigningKey(decode(file, Base64.getMimeDecoder().decode(pem.group(1))));
  }

  /** A signature over a file's bytes, in base64 on a line. */
  public String sign(Path file) throws IOException {
    boolean elliptic = key instanceof ECPrivateKey;
    try (var content = Files.newInputStream(file)) {
      var signature = Signature.getInstance(elliptic ? "SHA256withECDSA" : "Ed25519");
      signature.initSign(key);
      var buffer = new byte[64 << 10];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        signature.update(buffer, 0, read);
      }
      return Base64.getEncoder().encodeToString(signature.sign()) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java signs with Ed25519 and P-256", e);
    }
  }

  private static PrivateKey decode(Path file, byte[] encoded) {
    for (String algorithm : List.of("Ed25519", "EC")) {
      try {
        PrivateKey key =
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        if (!(key instanceof ECPrivateKey elliptic)
            || elliptic.getParams().getCurve().getField().getFieldSize() == P256_BITS) {
          return key;
        }
      } catch (GeneralSecurityException e) {
        // Not of this algorithm; its words might tell of the key.
      }
    }
    throw wrong(file);
  }

  private static void checkKept(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null
        && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
      throw new IllegalArgumentException(
          "everybody on this machine may read %s; keep it to you: chmod 600 %s"
              .formatted(file, file));
    }
  }

  private static IllegalArgumentException wrong(Path file) {
    return new IllegalArgumentException(
        "%s is not a private key of Ed25519 or P-256 in PEM, unencrypted: openssl genpkey -algorithm ed25519"
            .formatted(file));
  }
}
