package io.upm.runtime.plugin;

/** Something about a plugin that only another spec or another zip heals. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, as one word for a condition. */
  enum Reason {
    DIGEST_MISMATCH("DigestMismatch"),
    NOT_SIGNED("NotSigned"),
    SIGNATURE_INVALID("SignatureInvalid"),
    NOT_A_PLUGIN("NotAPlugin"),
    OTHER_PLUGIN("OtherPlugin"),
    OTHER_VERSION("OtherVersion"),
    INCOMPATIBLE("Incompatible"),
    LOAD_FAILED("LoadFailed"),
    NOT_PROVEN("NotProven"),
    TOO_LARGE("TooLarge");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  private final Reason reason;

  /**
   * @param sentence says what is wrong, with the value and what is allowed
   */
  Refusal(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
