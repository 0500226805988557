package io.upm.agent.hostile;

import io.grpc.util.CertificateUtils;
import io.upm.agent.container.Authority;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Connections with a good certificate, on which anything is said. */
final class RawConnections {
  private static final char[] NO_PASSWORD = {};
  private static final int PATIENCE_MILLIS = 15_000;

  private final SSLContext context;
  private final int port;

  RawConnections(Authority.Pem pem, int port) throws IOException, GeneralSecurityException {
    this.context = context(pem);
    this.port = port;
  }

  /**
   * Says something, waits for an answer if one is due, hangs up, and waits until the other side
   * does.
   *
   * @param answered whether what came back is an answer
   * @return all that came back
   * @throws java.net.SocketTimeoutException when the other side keeps silent, or the connection
   */
  String say(byte[] bytes, Predicate<String> answered) throws IOException {
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      var heard = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(bytes);
        InputStream in = socket.getInputStream();
        while (!answered.test(text(heard)) && hear(in, heard)) {
          // Until it has come.
        }
        socket.shutdownOutput();
        while (hear(in, heard)) {
          // Until the other side has hung up.
        }
      } catch (SSLException | java.net.SocketException e) {
        // It hung up before it had heard all.
        return text(heard);
      }
      return text(heard);
    }
  }

  private static boolean hear(InputStream in, ByteArrayOutputStream heard) throws IOException {
    byte[] buffer = new byte[4096];
    int read = in.read(buffer);
    heard.write(buffer, 0, Math.max(0, read));
    return read >= 0;
  }

  private static String text(ByteArrayOutputStream heard) {
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  private static SSLContext context(Authority.Pem pem)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry(
        "runtime",
        CertificateUtils.getPrivateKey(stream(pem.key())),
        NO_PASSWORD,
        CertificateUtils.getX509Certificates(stream(pem.certificate())));
    store.setCertificateEntry(
        "authority", CertificateUtils.getX509Certificates(stream(pem.authority()))[0]);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
