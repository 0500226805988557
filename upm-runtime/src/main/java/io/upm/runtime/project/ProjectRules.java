package io.upm.runtime.project;

import io.upm.runtime.api.Names;
import io.upm.runtime.api.ProjectSpec;
import io.upm.runtime.api.ProjectSpec.Algorithm;
import io.upm.runtime.api.ProjectSpec.AuthoritySpec;
import io.upm.runtime.api.ProjectSpec.KeySpec;
import io.upm.spi.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand in a Project. Pure. */
public final class ProjectRules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(\\.\\d{1,3})?(ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");
  private static final Map<String, BigDecimal> SECONDS =
      Map.of(
          "ms", new BigDecimal("0.001"),
          "s", BigDecimal.ONE,
          "m", new BigDecimal(60),
          "h", new BigDecimal(3600));
  private static final BigDecimal SHORTEST_LIFE = new BigDecimal(3600);
  private static final BigDecimal SHORTEST_OVERLAP = new BigDecimal(300);
  private static final int LONGEST_COMMON_NAME = 64;

  private ProjectRules() {}

  /** Everything that is wrong; empty when the Project can be carried out. */
  public static List<Problem> check(String name, @Nullable ProjectSpec spec) {
    var problems = new ArrayList<Problem>();
    if (name.length() > Names.LIMIT || !NAME.matcher(name).matches()) {
      problems.add(
          new Problem(
              "metadata.name",
              name,
              "at most %d lower-case letters, digits and dashes: it is the name of a namespace"
                  .formatted(Names.LIMIT)));
    } else if (name.startsWith("kube-")) {
      problems.add(
          new Problem(
              "metadata.name", name, "a name that doesn't begin with kube-, Kubernetes' own"));
    }
    AuthoritySpec authority = spec == null ? null : spec.authority();
    if (authority != null) {
      authority(authority, problems);
    }
    return problems;
  }

  private static void authority(AuthoritySpec authority, List<Problem> problems) {
    String common = authority.commonName() == null ? "" : authority.commonName();
    if (common.isBlank()
        || common.length() > LONGEST_COMMON_NAME
        || common.codePoints().anyMatch(Character::isISOControl)) {
      problems.add(
          new Problem(
              "spec.ca.commonName",
              common.strip(),
              "a name of 1 to %d characters".formatted(LONGEST_COMMON_NAME)));
    }
    String secret = authority.secretName() == null ? "" : authority.secretName();
    if (secret.length() > Names.LIMIT || !NAME.matcher(secret).matches()) {
      problems.add(
          new Problem(
              "spec.ca.secretName",
              secret,
              "the name of a Secret: at most %d lower-case letters, digits and dashes"
                  .formatted(Names.LIMIT)));
    } else if (secret.equals(ProjectNames.KEY_SECRET)) {
      problems.add(
          new Problem("spec.ca.secretName", secret, "another Secret: that one holds the key"));
    }
    times(authority, problems);
    if (authority.privateKey() != null) {
      key(authority.privateKey(), problems);
    }
  }

  private static void times(AuthoritySpec authority, List<Problem> problems) {
    BigDecimal life = time("spec.ca.duration", authority.duration(), SHORTEST_LIFE, problems);
    BigDecimal overlap =
        time("spec.ca.renewBefore", authority.renewBefore(), SHORTEST_OVERLAP, problems);
    BigDecimal whole = life == null ? seconds(ProjectObjects.LIFETIME) : life;
    BigDecimal end = overlap == null ? seconds(ProjectObjects.RENEWED_BEFORE) : overlap;
    boolean given = life != null || overlap != null;
    if (given && end.compareTo(whole) >= 0) {
      problems.add(
          new Problem(
              "spec.ca.renewBefore",
              authority.renewBefore() == null
                  ? ProjectObjects.RENEWED_BEFORE
                  : authority.renewBefore(),
              "less than spec.ca.duration, "
                  + Optional.ofNullable(authority.duration()).orElse(ProjectObjects.LIFETIME)));
    }
  }

  /** In seconds; null when it isn't given or is wrong. */
  private static @Nullable BigDecimal time(
      String field, @Nullable String text, BigDecimal shortest, List<Problem> problems) {
    if (text == null) {
      return null;
    }
    if (!DURATION.matcher(text).matches()) {
      problems.add(new Problem(field, text, "a time in h, m and s, such as 8760h"));
      return null;
    }
    BigDecimal seconds = seconds(text);
    if (seconds.compareTo(shortest) < 0) {
      problems.add(
          new Problem(
              field,
              text,
              "at least %s minutes"
                  .formatted(shortest.divide(new BigDecimal(60)).toPlainString())));
      return null;
    }
    return seconds;
  }

  private static BigDecimal seconds(String text) {
    BigDecimal sum = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      BigDecimal unit = SECONDS.getOrDefault(parts.group(2), BigDecimal.ONE);
      sum = sum.add(new BigDecimal(parts.group(1)).multiply(unit));
    }
    return sum;
  }

  private static void key(KeySpec key, List<Problem> problems) {
    Integer size = key.size();
    if (size == null) {
      return;
    }
    Algorithm algorithm = key.algorithm() == null ? Algorithm.RSA : key.algorithm();
    Set<Integer> sizes =
        switch (algorithm) {
          case RSA -> Set.of(2048, 3072, 4096);
          case ECDSA -> Set.of(256, 384, 521);
          case ED25519 -> Set.of();
        };
    if (!sizes.contains(size)) {
      problems.add(
          new Problem(
              "spec.ca.privateKey.size",
              size.toString(),
              sizes.isEmpty()
                  ? "no size: a key of Ed25519 has only one"
                  : "one of "
                      + String.join(
                          ", ", sizes.stream().sorted().map(one -> one.toString()).toList())));
    }
  }
}
