package io.upm.agent.container;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority as the runtime has one. */
public final class Authority {
  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

  private final X500Name name;
  private final KeyPair keys = newKeys();
  private final X509Certificate certificate;

  /** Certificate, key and trusted authority as PEM. */
  public record Pem(String certificate, String key, String authority) {
    /** Writes the three files, each in one step. */
    public void writeTo(Path directory) throws IOException {
      Files.createDirectories(directory);
      write(directory.resolve("ca.crt"), authority);
      write(directory.resolve("tls.key"), key);
      write(directory.resolve("tls.crt"), certificate);
    }

    private static void write(Path file, String text) throws IOException {
      Path fresh = Files.writeString(file.resolveSibling("new"), text);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  public Authority(String name) {
    this.name = new X500Name("CN=" + name);
    this.certificate = issue(this.name, keys, new GeneralName[0]);
  }

  public Pem forUnit(String namespace, String unit) {
    return issue(
        new GeneralName(
            GeneralName.uniformResourceIdentifier, "spiffe://upm/unit/" + namespace + "/" + unit),
        new GeneralName(GeneralName.dNSName, unit + "." + namespace + ".upm"));
  }

  public Pem forRuntime() {
    return issue(new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://upm/runtime"));
  }

  private Pem issue(GeneralName... names) {
    KeyPair pair = newKeys();
    X509Certificate issued = issue(new X500Name("CN=issued"), pair, names);
    return new Pem(
        pem("CERTIFICATE", encoded(issued)),
        pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
        pem("CERTIFICATE", encoded(certificate)));
  }

  private X509Certificate issue(X500Name subject, KeyPair pair, GeneralName[] names) {
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(now.minusSeconds(60)),
            Date.from(now.plus(Duration.ofDays(1))),
            subject,
            pair.getPublic());
    try {
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(names.length == 0));
      if (names.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8)).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
  }
}
