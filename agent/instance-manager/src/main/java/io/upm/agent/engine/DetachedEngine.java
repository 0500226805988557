package io.upm.agent.engine;

import io.upm.agent.process.ChildEnvironment;
import io.upm.agent.state.DurableFile;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts, finds and signals the engine by way of the launcher, which becomes its parent: the engine
 * neither notices when the agent dies, nor when another one takes over.
 *
 * <p>In the run directory: {@code engine.start} is noted before a start; {@code engine.pid} is
 * written by the process itself before it turns into the engine, so that there is never an engine
 * without it; {@code engine.answered} names the last process that answered a probe; {@code
 * exits/<pid>} is written by the launcher before the process id is gone.
 */
public final class DetachedEngine {
  /** The launcher only waits for the program to be executed. */
  private static final long LAUNCH_SECONDS = 30;

  private final Path launcher;
  private final Path record;
  private final Path noted;
  private final Path answered;
  private final Path exits;
  private final InstantSource clock;

  public DetachedEngine(Path launcher, Path run, InstantSource clock) {
    this.launcher = launcher;
    this.record = run.resolve("engine.pid");
    this.noted = run.resolve("engine.start");
    this.answered = run.resolve("engine.answered");
    this.exits = run.resolve("exits");
    this.clock = clock;
  }

  /** The engine that runs in this container, whoever started it. */
  public Optional<EngineRun> find() throws IOException {
    return recorded()
        .filter(ProcessIdentity::exists)
        .map(process -> new EngineRun(process, lastStart()));
  }

  public boolean exists(EngineRun run) {
    return run.process().exists();
  }

  /** Starts of the engine since the container started. */
  public int starts() {
    return lastStart().number();
  }

  /**
   * Starts the engine; its output goes to the container's standard output.
   *
   * @throws IOException when the program can't be executed
   */
  public EngineRun start(ProcessSpec spec, String configDigest) throws IOException {
    var start = new EngineRun.Start(starts() + 1, clock.millis(), configDigest);
    DurableFile.write(noted, start.write());
    Files.deleteIfExists(record);
    var command = command("detach", spec.command());
    var builder = new ProcessBuilder(command).directory(spec.directory().toFile());
    ChildEnvironment.prepare(builder.environment(), spec.environment());
    launch(builder);
    return recorded()
        .map(process -> new EngineRun(process, start))
        .orElseThrow(() -> new IOException("the launcher left no record of the engine"));
  }

  /** Notes for a later agent that a run has answered a probe. */
  public void noteAnswer(EngineRun run) throws IOException {
    DurableFile.write(answered, run.process().toString());
  }

  /** Whether a run has ever answered a probe. */
  public boolean hasAnswered(EngineRun run) throws IOException {
    return Files.exists(answered) && Files.readString(answered).equals(run.process().toString());
  }

  /** Asks the engine to stop. Nothing happens when it is gone. */
  public void signal(StopRequest.Signal signal) throws IOException {
    send(signal.name());
  }

  /** Ends the engine without asking. */
  public void kill() throws IOException {
    send("KILL");
  }

  /** How a run ended, as half a sentence such as {@code was killed by signal 9}. */
  public String ending(EngineRun run) {
    Path exit = exits.resolve(Long.toString(run.pid()));
    try {
      int code = Integer.parseInt(Files.readString(exit).strip());
      Files.deleteIfExists(exit);
      return code > 128 ? "was ended by signal " + (code - 128) : "ended with exit code " + code;
    } catch (IOException | NumberFormatException e) {
      return "ended";
    }
  }

  private void send(String signal) throws IOException {
    launch(new ProcessBuilder(command("signal", List.of(signal))));
  }

  private List<String> command(String verb, List<String> rest) {
    var command =
        new ArrayList<>(List.of(launcher.toString(), verb, "--record", record.toString(), "--"));
    command.addAll(rest);
    return command;
  }

  private static void launch(ProcessBuilder builder) throws IOException {
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LAUNCH_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the launcher does not answer");
      }
      if (process.exitValue() != 0) {
        byte[] failure = process.getErrorStream().readAllBytes();
        throw new IOException(new String(failure, StandardCharsets.UTF_8).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Optional<ProcessIdentity> recorded() throws IOException {
    try {
      return ProcessIdentity.parse(Files.readString(record));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private EngineRun.Start lastStart() {
    try {
      return EngineRun.Start.read(Files.readString(noted));
    } catch (IOException e) {
      return EngineRun.Start.NONE;
    }
  }
}
