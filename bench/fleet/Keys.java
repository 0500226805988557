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
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Keys and certificates by the server name that is asked for. */
final class Keys extends X509ExtendedKeyManager {
  private record Entry(X509Certificate[] chain, PrivateKey key) {}

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  void put(String server, String certificate, String key) {
    try {
      X509Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)))
              .toArray(new X509Certificate[0]);
      byte[] der = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""));
      PrivateKey parsed =
          KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(der));
      entries.put(server, new Entry(chain, parsed));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("certificate of " + server, e);
    }
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    String server =
        ((ExtendedSSLSession) engine.getHandshakeSession())
            .getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst()
                .orElse("");
    Entry entry = entries.get(server);
    return entry != null && entry.key().getAlgorithm().equals(type) ? server : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return entries.get(alias).chain();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return entries.get(alias).key();
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return null;
  }
}
