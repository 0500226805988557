package io.upm.runtime.cli;

/** Colour, where a person looks at a terminal. */
enum Style {
  PLAIN,
  COLOUR;

  private static final String ESCAPE = "\u001B[";

  /** Honours the customary variable {@code NO_COLOR}. */
  static Style of(boolean terminal, boolean refused) {
    return terminal && !refused ? COLOUR : PLAIN;
  }

  String good(String text) {
    return paint("32", text);
  }

  String bad(String text) {
    return paint("31", text);
  }

  String strong(String text) {
    return paint("1", text);
  }

  private String paint(String code, String text) {
    return this == PLAIN ? text : ESCAPE + code + "m" + text + ESCAPE + "0m";
  }
}
