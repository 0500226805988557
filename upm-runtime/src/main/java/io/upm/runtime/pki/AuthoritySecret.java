package io.upm.runtime.pki;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the authority is kept: the Secret {@code upm-ca} in the runtime's namespace. Whichever
 * process comes first makes it; all others read what is there.
 */
public final class AuthoritySecret {
  /** Name of the Secret. */
  public static final String NAME = "upm-ca";

  private static final Logger LOG = LoggerFactory.getLogger(AuthoritySecret.class);
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final int CONFLICT = 409;

  private AuthoritySecret() {}

  /**
   * The authority of this installation; made if there is none yet.
   *
   * @throws IllegalStateException when the Secret holds something else; it is never overwritten, as
   *     every agent would have to be given a new certificate
   */
  public static CertificateAuthority open(
      KubernetesClient client, String namespace, InstantSource clock) {
    Secret found = client.secrets().inNamespace(namespace).withName(NAME).get();
    return new KeyPairAuthority(
        read(found == null ? create(client, namespace, clock) : found), clock);
  }

  /** When the authority's own certificate expires. */
  public static Instant expiry(CertificateAuthority authority) {
    return Pem.certificate(authority.authorityPem()).getNotAfter().toInstant();
  }

  private static Secret create(KubernetesClient client, String namespace, InstantSource clock) {
    try {
      Secret made =
          client
              .secrets()
              .inNamespace(namespace)
              .resource(secret(namespace, KeyPairAuthority.newRoot(clock.instant())))
              .create();
      LOG.info("made the certificate authority in Secret {}/{}", namespace, NAME);
      return made;
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      return client.secrets().inNamespace(namespace).withName(NAME).require();
    }
  }

  private static Secret secret(String namespace, KeyPairAuthority.Root root) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/managed-by", "upm-runtime")
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withStringData(
            Map.of(CERTIFICATE, Pem.write(root.certificate()), KEY, Pem.write(root.key())))
        .build();
  }

  private static KeyPairAuthority.Root read(Secret secret) {
    try {
      var root =
          new KeyPairAuthority.Root(
              Pem.certificate(value(secret, CERTIFICATE)), Pem.key(value(secret, KEY)));
      requirePair(root);
      return root;
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "Secret %s/%s does not hold UPM's certificate authority (%s and %s in PEM): %s"
              .formatted(
                  secret.getMetadata().getNamespace(), NAME, CERTIFICATE, KEY, e.getMessage()),
          e);
    }
  }

  private static String value(Secret secret, String key) {
    String encoded = secret.getData() == null ? null : secret.getData().get(key);
    if (encoded == null) {
      throw new IllegalArgumentException("key " + key + " is missing");
    }
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
  }

  private static void requirePair(KeyPairAuthority.Root root) throws GeneralSecurityException {
    byte[] sample = {1, 2, 3};
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(root.key());
    signer.update(sample);
    byte[] signed = signer.sign();
    signer.initVerify(root.certificate().getPublicKey());
    signer.update(sample);
    if (!signer.verify(signed)) {
      throw new IllegalArgumentException("the key is not that of the certificate");
    }
  }
}
