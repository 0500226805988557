package io.upm.runtime.plugin;

import io.upm.host.plugin.TckEvidence;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import io.upm.runtime.plugin.Refusal.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Detached signatures of zips: Ed25519, or ECDSA with P-256 and SHA-256, over the zip's bytes; in
 * base64 or as they are.
 */
final class Signatures {
  private final Map<String, PublicKey> trusted;

  /**
   * @param trusted keys by name
   */
  Signatures(Map<String, PublicKey> trusted) {
    this.trusted = new TreeMap<>(trusted);
  }

  /**
   * Checks a zip as its wish asks for.
   *
   * @return name of the key that the signature is of; empty when there is none
   */
  Optional<String> check(Wish wish, Path zip, Optional<byte[]> signature)
      throws IOException, Refusal {
    if (wish.policy() == SignaturePolicy.NONE) {
      return Optional.empty();
    }
    if (signature.isEmpty()) {
      if (wish.policy() == SignaturePolicy.REQUIRED) {
        throw new Refusal(
            Reason.NOT_SIGNED,
            "version %s at %s has no signature, and the policy is Required"
                .formatted(wish.version(), wish.source().text()));
      }
      return Optional.empty();
    }
    if (trusted.isEmpty() && wish.policy() == SignaturePolicy.IF_PRESENT) {
      return Optional.empty();
    }
    byte[] raw = raw(signature.get());
    for (Map.Entry<String, PublicKey> key : trusted.entrySet()) {
      if (verifies(key.getValue(), zip, raw)) {
        return Optional.of(key.getKey());
      }
    }
    throw new Refusal(
        Reason.SIGNATURE_INVALID,
        "the signature of version %s at %s is of none of the keys that the runtime trusts: %s"
            .formatted(
                wish.version(),
                wish.source().text(),
                trusted.isEmpty() ? "there are none" : String.join(", ", trusted.keySet())));
  }

  /** Whether a trusted key signed it; without any key there is nobody to ask. */
  boolean vouchFor(TckEvidence.Signed signed) {
    byte[] raw = raw(signed.signature());
    return trusted.isEmpty()
        || trusted.values().stream().anyMatch(key -> verifies(key, signed.content(), raw));
  }

  private static boolean verifies(PublicKey key, byte[] content, byte[] signature) {
    try {
      Signature verifier = verifier(key);
      verifier.update(content);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Signature verifier(PublicKey key) throws GeneralSecurityException {
    Signature verifier =
        Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519");
    verifier.initVerify(key);
    return verifier;
  }

  private static byte[] raw(byte[] signature) {
    String text = new String(signature, StandardCharsets.ISO_8859_1).strip();
    if (text.matches("[A-Za-z0-9+/]+={0,2}")) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        // Not base64 after all.
        return signature;
      }
    }
    return signature;
  }

  private static boolean verifies(PublicKey key, Path zip, byte[] signature) throws IOException {
    try (InputStream in = Files.newInputStream(zip)) {
      Signature verifier = verifier(key);
      var buffer = new byte[64 << 10];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        verifier.update(buffer, 0, read);
      }
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature that isn't even one of this algorithm.
      return false;
    }
  }
}
