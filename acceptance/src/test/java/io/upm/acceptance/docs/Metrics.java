package io.upm.acceptance.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The metrics that the chart's dashboards and alerts name. */
public final class Metrics {
  private static final Path FOLDER = Path.of("..", "charts", "upm", "dashboards");

  static final List<Path> DASHBOARDS =
      List.of(FOLDER.resolve("upm.json"), FOLDER.resolve("upm-mysql.json"));

  static final Path RULES = FOLDER.resolve("rules.yaml");

  private static final Pattern EXPRESSION =
      Pattern.compile("\"?(?:expr|query)\"?: (?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)')");
  private static final Pattern NAME = Pattern.compile("\\b(?:upm|mysql|jvm|process)_[a-z_]+");

  private Metrics() {}

  /** All of them. */
  public static Set<String> named() throws IOException {
    var names = new TreeSet<String>();
    for (Path file : Stream.concat(DASHBOARDS.stream(), Stream.of(RULES)).toList()) {
      Matcher expressions = EXPRESSION.matcher(Files.readString(file));
      while (expressions.find()) {
        Matcher name =
            NAME.matcher(
                expressions.group(1) == null ? expressions.group(2) : expressions.group(1));
        while (name.find()) {
          names.add(name.group());
        }
      }
    }
    return names;
  }
}
