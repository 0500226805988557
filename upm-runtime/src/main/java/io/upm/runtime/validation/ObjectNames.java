package io.upm.runtime.validation;

import java.util.regex.Pattern;

/** Names of Kubernetes objects. */
final class ObjectNames {
  /** What is allowed where a name is expected. */
  static final String ALLOWED = "lower-case letters, digits, dashes and dots, at most 253 of them";

  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int LONGEST = 253;

  private ObjectNames() {}

  static boolean isOne(String name) {
    return name.length() <= LONGEST && NAME.matcher(name).matches();
  }
}
