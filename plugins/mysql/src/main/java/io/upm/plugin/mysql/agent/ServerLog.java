package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.client.Failure;

/** What the server writes to its error log. */
public final class ServerLog {
  private ServerLog() {}

  /** The first error in some output: later ones follow from it. */
  public static String firstError(String output) {
    return output
        .lines()
        .filter(line -> line.contains("[ERROR]"))
        .findFirst()
        .or(() -> output.lines().filter(line -> !line.isBlank()).reduce((first, last) -> last))
        .map(line -> line.replaceFirst("^\\S+ \\d+ ", ""))
        .map(Failure::shortened)
        .orElse("it said nothing");
  }
}
