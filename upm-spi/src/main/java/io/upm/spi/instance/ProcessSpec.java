package io.upm.spi.instance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A process to run. Never a shell string, never a secret in arguments or environment.
 *
 * @param command program and arguments; the program is a path or a name found in {@code PATH}
 * @param environment variables added to the container's own
 * @param directory working directory
 */
public record ProcessSpec(List<String> command, Map<String, String> environment, Path directory) {
  public ProcessSpec {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("command is empty");
    }
    environment = Map.copyOf(environment);
    Objects.requireNonNull(directory, "directory");
  }
}
