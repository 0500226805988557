package io.upm.plugin.mysql.config;

/** A value as it is written into an option file. */
public final class OptionValue {
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

  /** The text that a written value stands for. */
  public static String read(String written) {
    if (written.length() < 2 || !written.startsWith("\"") || !written.endsWith("\"")) {
      return written;
    }
    var text = new StringBuilder();
    for (int at = 1; at < written.length() - 1; at++) {
      char next = written.charAt(at);
      if (next == '\\') {
        at++;
        text.append(written.charAt(at) == 't' ? '\t' : written.charAt(at));
      } else {
        text.append(next);
      }
    }
    return text.toString();
  }
}
