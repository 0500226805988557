package io.upm.runtime.pki;

import java.time.Instant;

/**
 * A key pair with its certificate, as PEM.
 *
 * @param certificate certificate
 * @param privateKey PKCS #8 key; never logged
 * @param authority certificate of the authority
 * @param renewAfter when a new one is due: after two thirds of its life
 */
public record IssuedCertificate(
    String certificate, String privateKey, String authority, Instant renewAfter) {
  @Override
  public String toString() {
    return "IssuedCertificate[renewAfter=" + renewAfter + "]";
  }
}
