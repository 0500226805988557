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

  /** As it suits where this process writes to. */
  static Style here() {
    var console = System.console();
    return of(console != null && console.isTerminal(), System.getenv().containsKey("NO_COLOR"));
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
