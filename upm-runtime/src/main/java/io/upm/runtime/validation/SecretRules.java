package io.upm.runtime.validation;

import io.upm.runtime.api.CertificateProfileSpec;
import io.upm.runtime.api.CertificateSecretSpec;
import io.upm.runtime.api.SecretSpec;
import io.upm.spi.Problem;
import io.upm.spi.engine.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Secrets that a UnitSet refers to. */
public final class SecretRules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final String NAME_ALLOWED =
      "the name of a Secret: lower-case letters, digits, dashes and dots";

  private static final String ROOT_SECRET = "spec.certificateProfile.rootSecret";

  private SecretRules() {}

  /** Names of all Secrets that a spec refers to. */
  public static Set<String> names(io.upm.runtime.api.UnitSetSpec spec) {
    var names = new TreeSet<String>();
    SecretSpec secret = spec.secret();
    if (secret != null) {
      names.add(secret.name());
      if (secret.cipher() != null) {
        names.add(secret.cipher().name());
      }
    }
    CertificateSecretSpec certificate = spec.certificateSecret();
    if (certificate != null) {
      names.add(certificate.name());
    }
    if (spec.certificateProfile() != null && spec.certificateProfile().rootSecret() != null) {
      names.add(spec.certificateProfile().rootSecret());
    }
    return names;
  }

  /** Whether a Secret that somebody makes or changes may heal a problem. */
  public static boolean isAboutSecret(Problem problem) {
    return problem.field().startsWith("spec.secret.")
        || problem.field().startsWith("spec.certificateSecret.")
        || problem.field().equals(ROOT_SECRET);
  }

  static List<Problem> check(SetSubject subject) {
    var problems = new ArrayList<Problem>();
    SecretSpec secret = subject.spec().secret();
    List<Account> accounts =
        subject.engine().map(engine -> engine.descriptor().accounts()).orElse(List.of());
    if (secret == null) {
      accounts.stream()
          .filter(Account::required)
          .findFirst()
          .ifPresent(account ->
              problems.add(
                  new Problem(
                      "spec.secret",
                      "",
                      "a Secret with the passwords of %s"
                          .formatted(String.join(", ", users(subject, accounts))))));
    } else {
      present(subject, "spec.secret.name", secret.name(), users(subject, accounts), problems);
      if (secret.cipher() != null) {
        present(
            subject,
            "spec.secret.cipher.name",
            secret.cipher().name(),
            List.of(secret.cipher().key()),
            problems);
      }
    }
    CertificateSecretSpec certificate = subject.spec().certificateSecret();
    if (certificate != null) {
      present(subject, "spec.certificateSecret.name", certificate.name(), List.of(), problems);
    }
    CertificateProfileSpec profile = subject.spec().certificateProfile();
    if (profile != null) {
      String root = profile.rootSecret() == null ? "" : profile.rootSecret();
      present(subject, ROOT_SECRET, root, List.of("tls.crt", "tls.key"), problems);
    }
    return problems;
  }

  /** User names whose passwords must be there. */
  private static List<String> users(SetSubject subject, List<Account> accounts) {
    return accounts.stream()
        .filter(Account::required)
        .flatMap(account ->
            Stream.of(subject.variable(account.variable()).orElse(account.defaultUser())))
        .toList();
  }

  private static void present(
      SetSubject subject, String field, String name, List<String> keys, List<Problem> problems) {
    if (!NAME.matcher(name).matches()) {
      problems.add(new Problem(field, name, NAME_ALLOWED));
      return;
    }
    if (subject.surroundings().secrets().isEmpty()) {
      return;
    }
    Map<String, Set<String>> secrets = subject.surroundings().secrets().get();
    Set<String> present = secrets.get(name);
    if (present == null) {
      problems.add(
          new Problem(
              field,
              name,
              keys.isEmpty()
                  ? "a Secret of the same namespace; there is none of this name"
                  : "a Secret of the same namespace with %s; there is none of this name"
                      .formatted(quoted(keys))));
      return;
    }
    List<String> missing = keys.stream().filter(key -> !present.contains(key)).toList();
    if (!missing.isEmpty()) {
      problems.add(
          new Problem(field, name, "a Secret with %s, which it lacks".formatted(quoted(missing))));
    }
  }

  private static String quoted(List<String> keys) {
    return (keys.size() == 1 ? "the key \"" : "the keys \"") + String.join("\", \"", keys) + "\"";
  }
}
