package io.upm.runtime.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and PKCS #8 keys as text. */
final class Pem {
  private Pem() {}

  static String write(X509Certificate certificate) {
    return text(certificate);
  }

  static String write(PrivateKey key) {
    try {
      return text(new JcaPKCS8Generator(key, null));
    } catch (IOException e) {
      throw new UncheckedIOException("a key that was just made can be written", e);
    }
  }

  /**
   * @throws IllegalArgumentException when the text is not a certificate
   */
  static X509Certificate certificate(String pem) {
    if (first(pem) instanceof X509CertificateHolder holder) {
      try {
        return new JcaX509CertificateConverter().getCertificate(holder);
      } catch (CertificateException e) {
        throw new IllegalArgumentException("not a certificate: " + e.getMessage(), e);
      }
    }
    throw new IllegalArgumentException("not a certificate in PEM");
  }

  /**
   * @throws IllegalArgumentException when the text is not an unencrypted PKCS #8 key; the message
   *     holds nothing of it
   */
  static PrivateKey key(String pem) {
    if (first(pem) instanceof PrivateKeyInfo info) {
      try {
        return new JcaPEMKeyConverter().getPrivateKey(info);
      } catch (IOException e) {
        throw new IllegalArgumentException("a private key of a kind that is not known here", e);
      }
    }
    throw new IllegalArgumentException("not a PKCS #8 private key in PEM");
  }

  private static Object first(String pem) {
    try (var parser = new PEMParser(new StringReader(pem))) {
      Object found = parser.readObject();
      return found == null ? "" : found;
    } catch (IOException e) {
      throw new IllegalArgumentException("not PEM", e);
    }
  }

  private static String text(Object object) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
    return text.toString();
  }
}
