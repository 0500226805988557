package io.upm.runtime.pki;

import java.time.InstantSource;

/** Authorities for tests of other packages. */
public final class TestAuthority {
  private TestAuthority() {}

  public static CertificateAuthority create(InstantSource clock) {
    return new KeyPairAuthority(KeyPairAuthority.newRoot(clock.instant()), clock);
  }
}
