package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignaturesTest {
  @TempDir private Path directory;
  private Path zip;

  @BeforeEach
  void write() throws Exception {
    zip = Files.writeString(directory.resolve("a.zip"), "a zip");
  }

  private static Wish wish(SignaturePolicy policy) {
    return new Wish(
        "toy",
        PluginSource.of("file:///a.zip", "1.0.0"),
        "1.0.0",
        Optional.empty(),
        true,
        policy,
        Optional.empty(),
        1);
  }

  private static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance(algorithm.equals("Ed25519") ? "Ed25519" : "EC");
    if (!algorithm.equals("Ed25519")) {
      generator.initialize(new ECGenParameterSpec(algorithm));
    }
    return generator.generateKeyPair();
  }

  private byte[] sign(KeyPair pair, String algorithm) throws Exception {
    Signature signature =
        Signature.getInstance(algorithm.equals("Ed25519") ? "Ed25519" : "SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(Files.readAllBytes(zip));
    return signature.sign();
  }

  private static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(key.getEncoded()));
  }

  @ParameterizedTest
  @CsvSource({"Ed25519", "secp256r1"})
  void areOfATrustedKeyAsBytesAndInBase64(String algorithm) throws Exception {
    KeyPair other = pair(algorithm);
    KeyPair pair = pair(algorithm);
    var signatures =
        new Signatures(
            Map.of(
                "other", PluginTrust.publicKey("other", pem(other.getPublic())),
                "us", PluginTrust.publicKey("us", pem(pair.getPublic()))));
    byte[] signature = sign(pair, algorithm);
    byte[] base64 =
        (Base64.getEncoder().encodeToString(signature) + "\n").getBytes(StandardCharsets.US_ASCII);

    assertThat(signatures.check(wish(SignaturePolicy.REQUIRED), zip, Optional.of(signature)))
        .contains("us");
    assertThat(signatures.check(wish(SignaturePolicy.REQUIRED), zip, Optional.of(base64)))
        .contains("us");

    Files.writeString(zip, "another zip");
    for (SignaturePolicy policy :
        new SignaturePolicy[] {SignaturePolicy.REQUIRED, SignaturePolicy.IF_PRESENT}) {
      assertThatThrownBy(() -> signatures.check(wish(policy), zip, Optional.of(signature)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("other, us");
    }
    assertThat(signatures.check(wish(SignaturePolicy.NONE), zip, Optional.of(signature))).isEmpty();
  }

  @Test
  void mustBeThereOnlyWhereTheyAreRequired() throws Exception {
    var signatures = new Signatures(Map.of("us", pair("Ed25519").getPublic()));

    assertThat(signatures.check(wish(SignaturePolicy.IF_PRESENT), zip, Optional.empty())).isEmpty();
    assertThatThrownBy(
            () -> signatures.check(wish(SignaturePolicy.REQUIRED), zip, Optional.empty()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has no signature");
  }

  @Test
  void ofOtherKindsOfKeysAreNotTrusted() throws Exception {
    String curve = pem(pair("secp384r1").getPublic());
    assertThatThrownBy(() -> PluginTrust.publicKey("p384", curve))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"p384\"");
    assertThatThrownBy(() -> PluginTrust.publicKey("text", "no key"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void areAskedForByTheStricterOfTwoPolicies() {
    assertThat(SignaturePolicy.IF_PRESENT.and(SignaturePolicy.REQUIRED))
        .isEqualTo(SignaturePolicy.REQUIRED);
    assertThat(SignaturePolicy.REQUIRED.and(SignaturePolicy.NONE))
        .isEqualTo(SignaturePolicy.REQUIRED);
    assertThat(SignaturePolicy.IF_PRESENT.and(null)).isEqualTo(SignaturePolicy.IF_PRESENT);
  }
}
