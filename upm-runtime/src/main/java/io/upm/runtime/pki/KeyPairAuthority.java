package io.upm.runtime.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority whose key is in memory. Safe for concurrent use. */
final class KeyPairAuthority implements CertificateAuthority {
  /** What a new authority consists of. */
  record Root(X509Certificate certificate, PrivateKey key) {}

  /** What one certificate is to say. */
  private record Leaf(String commonName, List<GeneralName> names, List<KeyPurposeId> purposes) {}

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3652);
  private static final Duration LEAF_LIFE = Duration.ofDays(90);

  /** A clock that is a little behind ours accepts a new certificate all the same. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int COMMON_NAME_LIMIT = 64;
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Root root;
  private final String authorityPem;
  private final InstantSource clock;

  KeyPairAuthority(Root root, InstantSource clock) {
    this.root = root;
    this.authorityPem = Pem.write(root.certificate());
    this.clock = clock;
  }

  /** Makes a self-signed root with the subject {@code CN=UPM}, valid for ten years. */
  static Root newRoot(Instant now) {
    try {
      KeyPair pair = newKeyPair();
      var subject = new X500Principal("CN=UPM");
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              serial(),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(AUTHORITY_LIFE)),
              subject,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new Root(sign(builder, pair.getPrivate()), pair.getPrivate());
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK can make a P-256 certificate", e);
    }
  }

  @Override
  public IssuedCertificate forUnit(String namespace, String unit) {
    var names =
        List.of(
            new GeneralName(GeneralName.uniformResourceIdentifier, unitUri(namespace, unit)),
            new GeneralName(GeneralName.dNSName, unit + "." + namespace + ".upm"));
    // Agents serve the runtime, and ask each other.
    return issue(
        new Leaf(
            unit, names, List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)));
  }

  @Override
  public IssuedCertificate forRuntime() {
    var names =
        List.of(new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://upm/runtime"));
    return issue(new Leaf("upm-runtime", names, List.of(KeyPurposeId.id_kp_clientAuth)));
  }

  @Override
  public IssuedCertificate forService(String... dnsNames) {
    var names =
        Arrays.stream(dnsNames).map(name -> new GeneralName(GeneralName.dNSName, name)).toList();
    return issue(new Leaf(dnsNames[0], names, List.of(KeyPurposeId.id_kp_serverAuth)));
  }

  @Override
  public boolean isCurrent(String certificatePem, String namespace, String unit) {
    try {
      X509Certificate certificate = Pem.certificate(certificatePem);
      certificate.verify(root.certificate().getPublicKey());
      return clock.instant().isBefore(renewAfter(certificate))
          && uris(certificate).contains(unitUri(namespace, unit));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String authorityPem() {
    return authorityPem;
  }

  /** After two thirds of its life: a month is left for a renewal that fails at first. */
  static Instant renewAfter(X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    return from.plus(
        Duration.between(from, certificate.getNotAfter().toInstant()).multipliedBy(2).dividedBy(3));
  }

  private IssuedCertificate issue(Leaf leaf) {
    try {
      KeyPair pair = newKeyPair();
      Instant now = clock.instant();
      String commonName =
          leaf.commonName().substring(0, Math.min(COMMON_NAME_LIMIT, leaf.commonName().length()));
      var builder =
          new JcaX509v3CertificateBuilder(
              root.certificate(),
              serial(),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(LEAF_LIFE)),
              new X500Principal(
                  new X500NameBuilder().addRDN(BCStyle.CN, commonName).build().toString()),
              pair.getPublic());
      addExtensions(builder, leaf, pair);
      X509Certificate certificate = sign(builder, root.key());
      return new IssuedCertificate(
          Pem.write(certificate),
          Pem.write(pair.getPrivate()),
          authorityPem,
          renewAfter(certificate));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate for " + leaf.commonName(), e);
    }
  }

  private void addExtensions(X509v3CertificateBuilder builder, Leaf leaf, KeyPair pair)
      throws GeneralSecurityException, CertIOException {
    var identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(leaf.purposes().toArray(KeyPurposeId[]::new)));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(leaf.names().toArray(GeneralName[]::new)));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(root.certificate()));
  }

  private static List<String> uris(X509Certificate certificate) throws GeneralSecurityException {
    var alternatives = certificate.getSubjectAlternativeNames();
    var uris = new ArrayList<String>();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (Integer.valueOf(GeneralName.uniformResourceIdentifier).equals(alternative.get(0))) {
          uris.add(String.valueOf(alternative.get(1)));
        }
      }
    }
    return uris;
  }

  private static String unitUri(String namespace, String unit) {
    return "spiffe://upm/unit/" + namespace + "/" + unit;
  }

  private static KeyPair newKeyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  /** 127 random bits, as the CA/Browser Forum's baseline asks for at least 64. */
  private static BigInteger serial() {
    return new BigInteger(127, RANDOM);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    var signer = new JcaContentSignerBuilder(SIGNATURE).build(key);
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }
}
