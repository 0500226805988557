package io.upm.plugin.mysql.it;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Volume;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A container that sleeps, and runs what it is told to as the engine's user. One directory has the
 * same path inside and outside.
 */
final class Box implements ProcessRunner, AutoCloseable {
  private static final String USER = "999:999";

  private final GenericContainer<?> container;
  private final Path root;
  private final int port;
  private final String address;
  private final String gateway;

  Box(String image, int memoryMiB) {
    try {
      this.root = Files.createTempDirectory("upm-mysql-");
      try (var socket = new ServerSocket(0)) {
        this.port = socket.getLocalPort();
      }
      for (String directory : List.of("DATA_MOUNT", "LOG_MOUNT", "run")) {
        Files.createDirectories(root.resolve(directory));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withImagePullPolicy(name -> false)
            .waitingFor(new RunningOnly())
            .withCreateContainerCmdModifier(command -> {
              command.withEntrypoint("sleep").withCmd("infinity");
              command
                  .getHostConfig()
                  .withBinds(new Bind(root.toString(), new Volume(root.toString())))
                  .withMemory((long) memoryMiB << 20);
            });
    container.setPortBindings(List.of("127.0.0.1:%d:%d".formatted(port, port)));
    container.start();
    InspectContainerResponse info = container.getContainerInfo();
    ContainerNetwork network = info.getNetworkSettings().getNetworks().values().iterator().next();
    this.address = network.getIpAddress();
    this.gateway = network.getGateway();
  }

  Path root() {
    return root;
  }

  String image() {
    return container.getDockerImageName();
  }

  int port() {
    return port;
  }

  /** Where this machine and other containers reach it. */
  String address() {
    return address;
  }

  /** Where it reaches this machine. */
  String gateway() {
    return gateway;
  }

  @Override
  public Result run(ProcessSpec spec, byte[] input, Duration limit) {
    try {
      own();
      // Several may run at once.
      Path file = Files.createTempFile(root.resolve("run"), "input", "");
      Files.write(file, input);
      own();
      // The pipe has to be one that the engine's user made, as the agent's is.
      Path pid = file.resolveSibling(file.getFileName() + ".pid");
      String script = "cat %s | sh -c 'echo $$ >%s; exec \"$@\"' sh \"$@\"".formatted(file, pid);
      var command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
      command.addAll(spec.command());
      ExecResult result = execUnlessInterrupted(command, pid);
      Files.delete(file);
      Files.deleteIfExists(pid);
      return new Result(result.getExitCode(), result.getStdout() + result.getStderr());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the agent does, it ends the program of whoever is interrupted. */
  private ExecResult execUnlessInterrupted(List<String> command, Path pid) {
    try {
      return exec(USER, command);
    } catch (IllegalStateException e) {
      if (Thread.interrupted()) {
        exec("0:0", List.of("sh", "-c", "kill -KILL $(cat %s)".formatted(pid)));
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  /** Starts the engine and leaves it running. */
  void start(ProcessSpec spec) {
    own();
    var command =
        new ArrayList<>(
            List.of("sh", "-c", "\"$@\" >>%s 2>&1 &".formatted(root.resolve("run/log")), "sh"));
    command.addAll(spec.command());
    exec(USER, command);
  }

  void signal(String name) {
    exec("0:0", List.of("sh", "-c", "kill -%s $(%s)".formatted(name, pids())));
  }

  /**
   * @throws AssertionError when that can't be told
   */
  boolean isRunning() {
    ExecResult result = exec("0:0", List.of("sh", "-c", "test -n \"$(%s)\"".formatted(pids())));
    return switch (result.getExitCode()) {
      case 0 -> true;
      case 1 -> false;
      default -> throw new AssertionError(result.toString());
    };
  }

  /** Process ids of the server; not those of zombies, which nobody reaps here. */
  private static String pids() {
    return "grep -l '^Name:.mysqld$' /proc/[0-9]*/status 2>/dev/null"
        + " | xargs -r grep -L '^State:.Z' | cut -d/ -f3";
  }

  String log() {
    try {
      Path log = root.resolve("run/log");
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ExecResult exec(String user, List<String> command) {
    try {
      return container.execInContainer(
          ExecConfig.builder().user(user).command(command.toArray(String[]::new)).build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What this process made belongs to root: in a Pod both have the engine's user. */
  void own() {
    exec("0:0", List.of("chown", "-R", USER, root.toString()));
  }

  @Override
  public void close() {
    // A server that still runs would make files while others are removed.
    exec("0:0", List.of("sh", "-c", "kill -9 -1; rm -rf " + root + "/*"));
    container.stop();
    try {
      Files.deleteIfExists(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** There is no server yet whose port could be waited for. */
  private static final class RunningOnly extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }
}
