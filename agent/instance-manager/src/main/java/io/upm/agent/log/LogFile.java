package io.upm.agent.log;

import java.nio.file.Path;

/**
 * A log file of the engine.
 *
 * @param path where it is
 * @param unit whose it is
 */
public record LogFile(Path path, String unit) {
  private static final String SUFFIX = ".log";

  /** What it is called: {@code slow} for {@code slow.log}. */
  String source() {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /** The name that it gets when another takes its place. */
  Path rotated() {
    return path.resolveSibling(path.getFileName() + ".1");
  }
}
