package io.upm.plugin.mysql.config;

/** A value as it is written into an option file. */
final class OptionValue {
  private OptionValue() {}

  /**
   * Quotes what the server would otherwise read as a comment, an escape or the end of the value;
   * plain words and numbers stay as they are.
   */
  static String of(String text) {
    if (text.matches("[\\w.,:/@=+*-]+")) {
      return text;
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
  }
}
