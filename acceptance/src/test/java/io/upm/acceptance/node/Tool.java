package io.upm.acceptance.node;

import io.upm.acceptance.author.LocalPrograms;
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

  /** The program that {@code hack/cluster} built, or whichever is on the path. */
  static String kubectl() {
    return LocalPrograms.find("kubernetes", "kubectl");
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
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--namespace", namespace));
    return runAsIs(all);
  }

  /** For commands that ask no cluster. */
  Result runOffline(String... arguments) {
    return runAsIs(List.of(arguments));
  }

  private static Result runAsIs(List<String> arguments) {
    var command = new ArrayList<String>(List.of(SCRIPT.toString()));
    command.addAll(arguments);
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
