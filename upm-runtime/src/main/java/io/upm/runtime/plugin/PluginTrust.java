package io.upm.runtime.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom an installation trusts with its plugins.
 *
 * @param signaturePolicy what is asked of all signatures at least
 * @param tckPolicy what is asked of TCK reports
 * @param keys keys whose signatures are good, by name
 * @param authorities whose servers are trusted beside those that Java trusts
 * @param unencryptedRegistries host, with port, of registries that are asked without TLS
 */
public record PluginTrust(
    SignaturePolicy signaturePolicy,
    TckPolicy tckPolicy,
    Map<String, PublicKey> keys,
    List<Certificate> authorities,
    Set<String> unencryptedRegistries) {
  public static final PluginTrust DEFAULT =
      new PluginTrust(
          SignaturePolicy.IF_PRESENT, TckPolicy.IF_PRESENT, Map.of(), List.of(), Set.of());

  /** Curve P-256 is the one of this size. */
  private static final int P256_BITS = 256;

  public PluginTrust {
    keys = Map.copyOf(keys);
    authorities = List.copyOf(authorities);
    unencryptedRegistries = Set.copyOf(unencryptedRegistries);
  }

  /** What stands in the file. */
  private record Document(
      @JsonProperty("signaturePolicy") @Nullable SignaturePolicy signaturePolicy,
      @JsonProperty("tckPolicy") @Nullable TckPolicy tckPolicy,
      @JsonProperty("trustedKeys") @Nullable List<Key> trustedKeys,
      @JsonProperty("authorities") @Nullable String authorities,
      @JsonProperty("unencryptedRegistries") @Nullable Set<String> unencryptedRegistries) {}

  private record Key(
      @JsonProperty("name") String name, @JsonProperty("publicKey") String publicKey) {}

  /**
   * Reads {@code {"signaturePolicy": "Required", "tckPolicy": "Required", "trustedKeys": [{"name":
   * "…", "publicKey": "<PEM>"}], "authorities": "<PEM>", "unencryptedRegistries": ["host:port"]}};
   * a file that does not exist is the default.
   *
   * @throws IllegalArgumentException when the file holds something else
   */
  public static PluginTrust read(Path file) {
    if (!Files.exists(file)) {
      return DEFAULT;
    }
    try {
      return parse(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s does not hold settings of plugins: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("settings of plugins can't be read: " + file, e);
    }
  }

  /** What such a file holds. */
  static PluginTrust parse(String json) throws JsonProcessingException {
    Document document = new JsonMapper().readValue(json, Document.class);
    var keys = new TreeMap<String, PublicKey>();
    for (Key key : Optional.ofNullable(document.trustedKeys()).orElse(List.of())) {
      keys.put(key.name(), publicKey(key.name(), key.publicKey()));
    }
    return new PluginTrust(
        Optional.ofNullable(document.signaturePolicy()).orElse(SignaturePolicy.IF_PRESENT),
        Optional.ofNullable(document.tckPolicy()).orElse(TckPolicy.IF_PRESENT),
        keys,
        certificates(Optional.ofNullable(document.authorities()).orElse("")),
        Optional.ofNullable(document.unencryptedRegistries()).orElse(Set.of()));
  }

  /**
   * Reads a public key in PEM.
   *
   * @throws IllegalArgumentException when it is none of Ed25519, or of ECDSA with P-256
   */
  static PublicKey publicKey(String name, String pem) {
    return key("Ed25519", pem)
        .or(() ->
            key("EC", pem)
                .filter(ECPublicKey.class::isInstance)
                .filter(key -> ((ECPublicKey) key).getParams().getOrder().bitLength() == P256_BITS))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "trusted key \"%s\" is no public key in PEM, of Ed25519 or of ECDSA with P-256"
                    .formatted(name)));
  }

  private static Optional<PublicKey> key(String algorithm, String pem) {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Certificate> certificates(String pem) {
    if (pem.isBlank()) {
      return List.of();
    }
    try {
      return List.copyOf(
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("authorities are no certificates in PEM", e);
    }
  }
}
