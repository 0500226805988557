package io.upm.agent.train;

import io.upm.agent.Agent;
import io.upm.agent.Settings;
import io.upm.agent.engine.DetachedEngine;
import io.upm.agent.log.LogFormat;
import io.upm.agent.process.LimitedProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the agent with all that it does in its life, as far as that can be had without an engine, on
 * loopback and in a temporary directory, and ends by itself.
 */
public final class Training {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Path directory;
  private final LimitedProcessRunner processes = new LimitedProcessRunner();

  private Training(Path directory) {
    this.directory = directory;
  }

  /**
   * Trains.
   *
   * @param plugin zip of a plugin that is loaded too
   * @param version version of the agent
   */
  public static void run(Optional<Path> plugin, String version) throws Exception {
    Path directory = Files.createTempDirectory("training");
    try {
      new Training(directory).train(plugin, version);
      LOG.info("trained");
    } finally {
      delete(directory);
    }
  }

  private void train(Optional<Path> plugin, String version) throws Exception {
    Optional<String> zip = plugin.map(path -> path.toAbsolutePath().toString());
    run(TrainingSetup.class, List.of(directory.toString()), zip);
    Path launcher = Path.of(System.getProperty("java.home"), "bin", "launcher");
    var files =
        new Settings.Files(
            directory.resolve(TrainingSetup.MOUNTED),
            directory.resolve(TrainingSetup.CERTIFICATES),
            directory.resolve("run"),
            Optional.empty(),
            launcher,
            launcher.resolveSibling("mover"));
    var settings =
        new Settings(
            files,
            0,
            0,
            Duration.ofSeconds(5),
            Duration.ofMinutes(15),
            LogFormat.JSON,
            Optional.empty(),
            false);
    try (Agent agent = Agent.start(settings, new Agent.Identity(version, () -> {}))) {
      run(
          TrainingClient.class,
          List.of(Integer.toString(agent.grpcPort()), directory.toString()),
          zip);
      agent.rehearse();
      for (String path : List.of("/livez", "/readyz", "/metrics")) {
        get(agent.httpPort(), path);
      }
      detach(launcher, files.run());
      agent.terminate();
      agent.awaitFinished();
    }
  }

  /** Another process, of the same classes. */
  private void run(Class<?> main, List<String> arguments, Optional<String> zip) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(arguments);
    zip.ifPresent(command::add);
    var result = processes.run(new ProcessSpec(command, Map.of(), directory), new byte[0], LIMIT);
    if (!result.succeeded()) {
      throw new IllegalStateException(main.getSimpleName() + ": " + result.output());
    }
  }

  /** A start of the engine, if there is a launcher; any program does. */
  private void detach(Path launcher, Path run) throws IOException {
    if (!Files.isExecutable(launcher)) {
      LOG.info("trained without the launcher");
      return;
    }
    Files.createDirectories(run.resolve("exits"));
    var engine = new DetachedEngine(launcher, run, Clock.systemUTC());
    var started =
        engine.start(
            new ProcessSpec(
                List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                Map.of("UPM_RUN_DIR", run.toString()),
                directory),
            "");
    LOG.info("detached as process {}: {}", started.pid(), engine.exists(started));
    engine.kill();
    LOG.info("it {}", engine.ending(started));
  }

  private static void get(int port, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream()) {
      out.write(
          "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
              .formatted(path)
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      LOG.info("{}: {} bytes", path, socket.getInputStream().readAllBytes().length);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}
