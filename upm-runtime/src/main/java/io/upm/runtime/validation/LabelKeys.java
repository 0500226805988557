package io.upm.runtime.validation;

import java.util.regex.Pattern;

/** Keys of labels and annotations. */
final class LabelKeys {
  /** What is allowed where a key is expected. */
  static final String ALLOWED =
      "an optional DNS prefix with \"/\", then at most 63 letters, digits, \"-\", \"_\" and \".\"";

  private static final Pattern KEY =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private LabelKeys() {}

  static boolean areLike(String key) {
    return KEY.matcher(key).matches();
  }
}
