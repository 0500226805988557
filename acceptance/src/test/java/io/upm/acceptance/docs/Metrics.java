package io.upm.acceptance.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that the chart's dashboard and alerts name. */
public final class Metrics {
  static final Path DASHBOARD = Path.of("..", "charts", "upm", "dashboards", "upm.json");
  static final Path RULES = Path.of("..", "charts", "upm", "dashboards", "rules.yaml");

  private static final Pattern EXPRESSION =
      Pattern.compile("\"?(?:expr|query)\"?: (?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)')");
  private static final Pattern NAME = Pattern.compile("\\b(?:upm|jvm|process)_[a-z_]+");

  private Metrics() {}

  /** All of them. */
  public static Set<String> named() throws IOException {
    var names = new TreeSet<String>();
    for (Path file : new Path[] {DASHBOARD, RULES}) {
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
