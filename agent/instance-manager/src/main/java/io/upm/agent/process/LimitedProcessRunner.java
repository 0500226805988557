package io.upm.agent.process;

import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs programs as children of the agent. They die with it: the launcher ends the session of a dead
 * agent, so that its successor never meets a program that is still at work.
 */
public final class LimitedProcessRunner implements ProcessRunner {
  private static final int OUTPUT_KEPT = 64 << 10;
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

  @Override
  public Result run(ProcessSpec spec, byte[] input, Duration limit) {
    String program = spec.command().getFirst();
    Process process = start(spec, program);
    try {
      var output = new FutureTask<>(() -> tail(process.getInputStream()));
      Thread.ofVirtual().name("output of " + program).start(output);
      Thread.ofVirtual().name("input of " + program).start(() -> feed(process, input));
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw PluginException.retryable(
            "%s did not end within %d s".formatted(program, limit.toSeconds()), null);
      }
      return new Result(process.exitValue(), text(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PluginException.retryable(program + " was interrupted", e);
    } catch (ExecutionException e) {
      throw PluginException.retryable("the output of %s can't be read".formatted(program), e);
    } finally {
      kill(process);
    }
  }

  private static Process start(ProcessSpec spec, String program) {
    var builder =
        new ProcessBuilder(spec.command())
            .directory(spec.directory().toFile())
            .redirectErrorStream(true);
    ChildEnvironment.prepare(builder.environment(), spec.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw PluginException.retryable(
          "%s can't be started: %s".formatted(program, e.getMessage()), e);
    }
  }

  /** Children of the program may hold its output open; what they say later is not waited for. */
  private static String text(FutureTask<String> output)
      throws InterruptedException, ExecutionException {
    try {
      return output.get(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return "";
    }
  }

  private static void feed(Process process, byte[] input) {
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(input);
    } catch (IOException e) {
      // The program ended without reading it all; its exit code tells whether that is a failure.
    }
  }

  private static String tail(InputStream stream) throws IOException {
    byte[] kept = new byte[OUTPUT_KEPT];
    byte[] buffer = new byte[8 << 10];
    long total = 0;
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      for (int i = 0; i < read; i++) {
        kept[(int) (total++ % OUTPUT_KEPT)] = buffer[i];
      }
    }
    if (total <= OUTPUT_KEPT) {
      return new String(kept, 0, (int) total, StandardCharsets.UTF_8);
    }
    int start = (int) (total % OUTPUT_KEPT);
    return new String(kept, start, OUTPUT_KEPT - start, StandardCharsets.UTF_8)
        + new String(kept, 0, start, StandardCharsets.UTF_8);
  }

  private static void kill(Process process) {
    if (process.isAlive()) {
      try (Stream<ProcessHandle> children = process.descendants()) {
        children.forEach(ProcessHandle::destroyForcibly);
      }
      process.destroyForcibly();
    }
  }
}
