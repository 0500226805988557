package io.upm.agent.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.agent.process.ChildEnvironment;
import io.upm.spi.PluginException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The program that carries data between programs and stores: one process for each task, a child of
 * the agent, which ends with it.
 */
public final class Mover {
  /** For it to have a half-made object thrown away. */
  private static final long GRACE_SECONDS = 15;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path program;

  public Mover(Path program) {
    this.program = program;
  }

  /**
   * Does a task.
   *
   * @throws PluginException when it failed, or the thread is interrupted: nothing goes on then
   */
  MoverReport run(MoverTask task, LongConsumer progress) {
    Process process = start();
    try {
      OutputStream input = process.getOutputStream();
      var report = new FutureTask<>(() -> follow(process, progress));
      Thread.ofVirtual().name("mover " + process.pid()).start(report);
      // Stays open: its end is what tells the mover that nobody waits any more.
      input.write(JSON.writeValueAsBytes(task));
      input.write('\n');
      input.flush();
      return report.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PluginException.retryable("interrupted while data were moved", e);
    } catch (IOException | ExecutionException e) {
      throw PluginException.retryable("the mover failed: " + e.getMessage(), e);
    } finally {
      end(process);
    }
  }

  private Process start() {
    var builder = new ProcessBuilder(program.toString()).redirectError(Redirect.INHERIT);
    ChildEnvironment.prepare(builder.environment(), java.util.Map.of());
    try {
      return builder.start();
    } catch (IOException e) {
      throw PluginException.internal(
          "%s can't be started: %s".formatted(program, e.getMessage()), e);
    }
  }

  /** Reads what it says; the last line is the result. */
  private static MoverReport follow(Process process, LongConsumer progress) throws IOException {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        MoverReport report = JSON.readValue(line, MoverReport.class);
        if (report.bytes() == null) {
          return report;
        }
        progress.accept(report.bytes());
      }
    }
    throw new IOException("it ended without a word");
  }

  private static void end(Process process) {
    boolean interrupted = Thread.interrupted();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      // It ended before it had read all.
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
