package io.upm.runtime.admission;

import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.IssuedCertificate;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The webhook's certificate; renewed while it serves, without a new socket. */
public final class ServingCertificate {
  private static final String ALIAS = "webhook";

  private final CertificateAuthority authority;
  private final InstantSource clock;
  private final String[] names;
  private volatile Current current;

  private record Current(X509Certificate certificate, PrivateKey key, Instant renewAfter) {}

  /**
   * A certificate for a server.
   *
   * @param names DNS names under which it is called
   */
  public ServingCertificate(CertificateAuthority authority, InstantSource clock, String... names) {
    this.authority = authority;
    this.clock = clock;
    this.names = names.clone();
    this.current = issue();
  }

  /** Has a new one issued when it is due. */
  public void renewWhenDue() {
    if (clock.instant().isAfter(current.renewAfter())) {
      current = issue();
    }
  }

  /** When the one that is current expires. */
  public Instant expiry() {
    return current.certificate().getNotAfter().toInstant();
  }

  /** A context that always shows the certificate that is current. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Keys()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  private Current issue() {
    IssuedCertificate issued = authority.forService(names);
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(
                          issued.certificate().getBytes(StandardCharsets.US_ASCII)));
      byte[] key =
          Base64.getMimeDecoder().decode(issued.privateKey().replaceAll("-----[A-Z ]+-----", ""));
      return new Current(
          certificate,
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
          issued.renewAfter());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the authority issued what can't be read", e);
    }
  }

  /** Hands out whatever is current; a handshake asks for chain and key one after the other. */
  private final class Keys extends X509ExtendedKeyManager {
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "EC".equals(keyType) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return "EC".equals(keyType) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {current.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return current.key();
    }
  }
}
