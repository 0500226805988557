package io.upm.agent.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One process for ever: a process id is given again, but not with the same start.
 *
 * @param pid process id
 * @param startTicks clock ticks from boot to its start, as in {@code /proc/<pid>/stat}
 */
public record ProcessIdentity(long pid, long startTicks) {
  /** Place of the start among what follows the program's name; proc(5) counts it as field 22. */
  private static final int START = 19;

  /** As the launcher records it: both numbers with a space between. */
  static Optional<ProcessIdentity> parse(String record) {
    String[] parts = record.strip().split(" ", -1);
    if (parts.length != 2 || !parts[0].matches("\\d{1,10}") || !parts[1].matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
  }

  /** Whether it is there; also while it has ended and nobody has taken its exit code yet. */
  boolean exists() {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name is in parentheses and may itself hold any character.
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      return fields.size() > START && fields.get(START).equals(Long.toString(startTicks));
    } catch (IOException e) {
      return false;
    }
  }
}
