package io.upm.runtime.cli;

/** Exit codes of all commands, and how their help says them. */
final class ExitCodes {
  /** All is as it should be. */
  static final int OK = 0;

  /** Something is not as it should be. */
  static final int TROUBLE = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** There is no such object. */
  static final int NOT_FOUND = 3;

  /** The cluster can't be reached, or refuses. */
  static final int NO_CLUSTER = 4;

  /** What {@code upm plan} ends with when something would change. */
  static final int CHANGES = 2;

  static final String HEADING = "%nExit codes:%n";
  static final String DONE = "0:done";
  static final String NOT_DONE = "1:begun, and not done within --timeout";
  static final String WRONG_USE = "2:wrong usage";
  static final String NOTHING_FOUND = "3:there is no such object";
  static final String REFUSED = "4:the cluster can't be reached, or refuses";

  private ExitCodes() {}
}
