package io.upm.acceptance.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs on this machine, run to their end. */
final class Programs {
  private Programs() {}

  /** How one ended, and all that it wrote. */
  record Result(int code, String output) {
    Result orFail(List<String> command) {
      if (code != 0) {
        throw new AssertionError(
            "%s ended with %d%n%s".formatted(String.join(" ", command), code, output));
      }
      return this;
    }
  }

  static Result run(Path directory, Duration limit, List<String> command) {
    try {
      Path output = Files.createTempFile("program", ".log");
      var builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      Process process = builder.start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " does not end");
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
