package io.upm.agent.rpc;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificate, key and trusted authority from the mounted Secret, which may change any time. */
final class TlsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  private final Path directory;
  private final AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trust;
  private Contents loaded = Contents.NONE;
  private volatile Instant expiry = Instant.EPOCH;

  /** Text of the three files. */
  private record Contents(String certificate, String key, String authority) {
    static final Contents NONE = new Contents("", "", "");

    /** Never the key. */
    @Override
    public String toString() {
      return "Contents";
    }
  }

  TlsFiles(Path directory) throws GeneralSecurityException {
    this.directory = directory;
    // Who may call is told by the URI in the certificate, not by its host name.
    this.trust =
        AdvancedTlsX509TrustManager.newBuilder()
            .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
            .build();
  }

  /** For a server that asks every client for a certificate; follows later loads. */
  ServerCredentials credentials() {
    return TlsServerCredentials.newBuilder()
        .keyManager(identity)
        .trustManager(trust)
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  /**
   * Loads the files if they changed. New handshakes use them; connections go on.
   *
   * @throws IOException when a file is missing
   * @throws GeneralSecurityException when one is not what it should be
   */
  synchronized void load() throws IOException, GeneralSecurityException {
    Contents found = read();
    if (found.equals(loaded)) {
      return;
    }
    var certificates = CertificateUtils.getX509Certificates(stream(found.certificate()));
    var key = CertificateUtils.getPrivateKey(stream(found.key()));
    var authorities = CertificateUtils.getX509Certificates(stream(found.authority()));
    identity.updateIdentityCredentials(certificates, key);
    trust.updateTrustCredentials(authorities);
    loaded = found;
    expiry = certificates[0].getNotAfter().toInstant();
    LOG.info("certificate is valid until {}", expiry);
  }

  /** When the certificate in use expires. */
  Instant expiry() {
    return expiry;
  }

  /** All three through the directory that the mount leads to now: they belong together. */
  private Contents read() throws IOException {
    Path data = directory.resolve("..data");
    Path now = (Files.exists(data) ? data : directory).toRealPath();
    return new Contents(
        Files.readString(now.resolve("tls.crt")),
        Files.readString(now.resolve("tls.key")),
        Files.readString(now.resolve("ca.crt")));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
