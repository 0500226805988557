package io.upm.runtime.validation;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.upm.spi.Problem;
import io.upm.spi.engine.Account;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Environment variables. */
final class EnvironmentRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_.-][A-Za-z0-9_.-]*");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");

  /** Variables of the agent. */
  static final String RESERVED = "UPM_";

  /** The agent's variable that is the user's to set. */
  static final String LOG_FORMAT = "UPM_LOG_FORMAT";

  private static final Set<String> LOG_FORMATS = Set.of("json", "raw");

  private EnvironmentRules() {}

  static List<Problem> check(SetSubject subject) {
    var problems = new ArrayList<Problem>();
    var seen = new HashSet<String>();
    for (EnvVar variable : subject.spec().env()) {
      String name = variable.getName() == null ? "" : variable.getName();
      if (!NAME.matcher(name).matches()) {
        problems.add(
            new Problem(
                "spec.env.name",
                name,
                "letters, digits, \"_\", \"-\" and \".\", not a digit first"));
      } else if (name.startsWith(RESERVED) && !name.equals(LOG_FORMAT)) {
        problems.add(
            new Problem(
                "spec.env.name",
                name,
                "a name that doesn't begin with UPM_, the agent's, or UPM_LOG_FORMAT"));
      } else if (!seen.add(name)) {
        problems.add(new Problem("spec.env.name", name, "each name once"));
      }
      if (name.equals(LOG_FORMAT)) {
        logFormat(variable).ifPresent(problems::add);
      }
      if (variable.getValueFrom() != null
          && variable.getValue() != null
          && !variable.getValue().isEmpty()) {
        problems.add(
            new Problem("spec.env." + name, variable.getValue(), "either value or valueFrom"));
      }
    }
    subject.engine().ifPresent(engine -> users(subject, engine.descriptor().accounts(), problems));
    return problems;
  }

  private static Optional<Problem> logFormat(EnvVar variable) {
    String value = variable.getValue() == null ? "" : variable.getValue();
    return variable.getValueFrom() == null && LOG_FORMATS.contains(value)
        ? Optional.empty()
        : Optional.of(new Problem("spec.env." + LOG_FORMAT, value, "json or raw"));
  }

  /** User names become file names and keys of a Secret. */
  private static void users(SetSubject subject, List<Account> accounts, List<Problem> problems) {
    var names = new HashMap<String, Account>();
    for (Account account : accounts) {
      String field = "spec.env." + account.variable();
      boolean indirect =
          subject.spec().env().stream()
              .anyMatch(variable ->
                  account.variable().equals(variable.getName()) && variable.getValueFrom() != null);
      if (indirect) {
        problems.add(new Problem(field, "valueFrom", "a plain value: it is a user name"));
        continue;
      }
      String user = subject.variable(account.variable()).orElse(account.defaultUser());
      if (!USER.matcher(user).matches()) {
        problems.add(
            new Problem(
                field, user, "a user name of at most 32 letters, digits, \"_\", \".\" and \"-\""));
        continue;
      }
      Account other = names.putIfAbsent(user, account);
      if (other != null) {
        boolean set = subject.variable(account.variable()).isPresent();
        problems.add(
            new Problem(
                "spec.env." + (set ? account : other).variable(),
                user,
                "a user name that no other account has"));
      }
    }
  }
}
