package io.upm.runtime.validation;

import io.upm.runtime.api.CertificateProfileSpec;
import io.upm.runtime.api.CertificateSecretSpec;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The engine's own certificates. Whether their Secrets are there is for {@link SecretRules}. */
final class CertificateRules {
  /** As X.509 bounds it. */
  private static final int LONGEST_ORGANIZATION = 64;

  private CertificateRules() {}

  static List<Problem> check(UnitSetSpec spec) {
    var problems = new ArrayList<Problem>();
    CertificateSecretSpec secret = spec.certificateSecret();
    CertificateProfileSpec profile = spec.certificateProfile();
    if (secret != null && profile != null) {
      problems.add(
          new Problem(
              "spec.certificateProfile",
              profile.rootSecret() == null ? "" : profile.rootSecret(),
              "either this or spec.certificateSecret: both are mounted at /CERT_MOUNT"));
    }
    if (secret != null && secret.organization() != null) {
      organization("spec.certificateSecret.organization", secret.organization(), problems);
    }
    if (profile != null) {
      var seen = new HashSet<String>();
      for (String organization : profile.organizations()) {
        organization("spec.certificateProfile.organizations", organization, problems);
        if (!seen.add(organization)) {
          problems.add(
              new Problem("spec.certificateProfile.organizations", organization, "each name once"));
        }
      }
    }
    return problems;
  }

  private static void organization(String field, String name, List<Problem> problems) {
    boolean plain = name.codePoints().noneMatch(Character::isISOControl);
    if (name.isBlank() || name.length() > LONGEST_ORGANIZATION || !plain) {
      problems.add(
          new Problem(
              field,
              plain ? name : "",
              "a name of 1 to %d characters, without line breaks".formatted(LONGEST_ORGANIZATION)));
    }
  }
}
