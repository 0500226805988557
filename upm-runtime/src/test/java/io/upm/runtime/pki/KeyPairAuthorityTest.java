package io.upm.runtime.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyPairAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final KeyPairAuthority.Root root = KeyPairAuthority.newRoot(NOW);
  private final KeyPairAuthority authority = at(NOW);

  private KeyPairAuthority at(Instant now) {
    return new KeyPairAuthority(root, InstantSource.fixed(now));
  }

  @Test
  void rootIsAnAuthorityOnP256ForTenYears() throws Exception {
    X509Certificate certificate = root.certificate();
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=UPM");
    assertThat(certificate.getBasicConstraints()).isZero();
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
        .isEqualTo(256);
    assertThat(certificate.getNotAfter().toInstant()).isAfter(NOW.plus(Duration.ofDays(3650)));
    certificate.verify(certificate.getPublicKey());
  }

  @Test
  void certificateOfAUnitNamesItAndServesAndCalls() throws Exception {
    X509Certificate certificate = Pem.certificate(authority.forUnit("db", "demo-0").certificate());
    certificate.verify(root.certificate().getPublicKey());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(6, "spiffe://upm/unit/db/demo-0"), List.of(2, "demo-0.db.upm"));
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(Duration.between(NOW, certificate.getNotAfter().toInstant()))
        .isEqualTo(Duration.ofDays(90));
  }

  @Test
  void certificateOfTheRuntimeOnlyCalls() throws Exception {
    X509Certificate certificate = Pem.certificate(authority.forRuntime().certificate());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "spiffe://upm/runtime"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
  }

  @Test
  void certificateOfAServiceHasItsNamesAndOnlyServes() throws Exception {
    X509Certificate certificate =
        Pem.certificate(
            authority.forService("upm-webhook.upm-system.svc", "upm-webhook").certificate());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, "upm-webhook.upm-system.svc"), List.of(2, "upm-webhook"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void isRenewedAfterTwoThirdsOfItsLife() {
    IssuedCertificate issued = authority.forUnit("db", "demo-0");
    assertThat(issued.renewAfter())
        .isBetween(NOW.plus(Duration.ofDays(59)), NOW.plus(Duration.ofDays(61)));
    String pem = issued.certificate();
    assertThat(authority.isCurrent(pem, "db", "demo-0")).isTrue();
    assertThat(at(issued.renewAfter().minusSeconds(1)).isCurrent(pem, "db", "demo-0")).isTrue();
    assertThat(at(issued.renewAfter()).isCurrent(pem, "db", "demo-0")).isFalse();
  }

  @Test
  void isNotCurrentForAnotherUnitAuthorityOrText() {
    String pem = authority.forUnit("db", "demo-0").certificate();
    assertThat(authority.isCurrent(pem, "db", "demo-1")).isFalse();
    assertThat(authority.isCurrent(pem, "other", "demo-0")).isFalse();
    assertThat(authority.isCurrent("no certificate", "db", "demo-0")).isFalse();
    assertThat(authority.isCurrent("", "db", "demo-0")).isFalse();
    var stranger = new KeyPairAuthority(KeyPairAuthority.newRoot(NOW), InstantSource.fixed(NOW));
    assertThat(stranger.isCurrent(pem, "db", "demo-0")).isFalse();
  }

  @Test
  void keysComeBackFromPem() {
    IssuedCertificate issued = authority.forRuntime();
    assertThat(Pem.key(issued.privateKey()).getAlgorithm()).isIn("EC", "ECDSA");
    assertThat(issued.toString()).doesNotContain("PRIVATE");
  }

  @Test
  void longNamesStillGetACertificate() {
    String unit = "u".repeat(63);
    IssuedCertificate issued = authority.forService(unit + "." + "n".repeat(60) + ".svc");
    assertThat(Pem.certificate(issued.certificate()).getSubjectX500Principal().getName())
        .hasSizeLessThanOrEqualTo(67);
  }
}
