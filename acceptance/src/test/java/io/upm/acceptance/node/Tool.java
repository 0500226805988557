package io.upm.acceptance.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The command line tool as users run it: the script of the checkout, in a process of its own. */
final class Tool {
  private static final Path SCRIPT = Path.of("..", "upm").toAbsolutePath().normalize();
  private static final long LIMIT_MINUTES = 10;

  private final String namespace;

  Tool(String namespace) {
    this.namespace = namespace;
  }

  /** What a run of the tool said, and how it ended. */
  record Result(int code, String out, String err) {
    Result expect(int wanted) {
      if (code != wanted) {
        throw new AssertionError("exit code %d%n%s%n%s".formatted(code, out, err));
      }
      return this;
    }
  }

  Result run(String... arguments) {
    var command = new ArrayList<String>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--namespace", namespace));
    try {
      Path out = Files.createTempFile("upm", ".out");
      Path err = Files.createTempFile("upm", ".err");
      var builder = new ProcessBuilder(command);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      builder
          .environment()
          .put("KUBECONFIG", Objects.requireNonNull(System.getenv("UPM_KUBECONFIG")));
      Process process = builder.start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " doesn't end");
      }
      var result =
          new Result(
              process.exitValue(),
              Files.readString(out, StandardCharsets.UTF_8),
              Files.readString(err, StandardCharsets.UTF_8));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
