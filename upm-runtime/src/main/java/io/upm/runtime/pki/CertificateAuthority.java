package io.upm.runtime.pki;

/** Issues certificates for agents and for the runtime. ECDSA P-256; valid for 90 days. */
public interface CertificateAuthority {
  /**
   * For the agent of a Unit: URI {@code spiffe://upm/unit/<namespace>/<unit>}, DNS {@code
   * <unit>.<namespace>.upm}.
   */
  IssuedCertificate forUnit(String namespace, String unit);

  /** For this runtime process: URI {@code spiffe://upm/runtime}. */
  IssuedCertificate forRuntime();

  /**
   * For a server of the runtime that the API server calls, such as the admission webhook.
   *
   * @param dnsNames names under which it is called; at least one
   */
  IssuedCertificate forService(String... dnsNames);

  /** Whether a certificate was issued by this authority for that Unit and isn't due for renewal. */
  boolean isCurrent(String certificatePem, String namespace, String unit);

  /** Certificate of the authority as PEM; agents and the webhook's caller trust it. */
  String authorityPem();
}
