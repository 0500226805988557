package io.upm.acceptance.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The commands that a page tells its reader to run, in their order. */
public final class PageCommands {
  private static final String INDENT = "    ";

  private PageCommands() {}

  /** Each line that is indented by four spaces, in words; no command of a page has quotes. */
  public static List<List<String>> of(String page) {
    try {
      return Files.readAllLines(Path.of("..", "docs", page)).stream()
          .filter(line -> line.startsWith(INDENT) && !line.isBlank())
          .map(line -> List.of(line.strip().split(" +")))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(page, e);
    }
  }
}
