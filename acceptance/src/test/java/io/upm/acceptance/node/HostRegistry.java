package io.upm.acceptance.node;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/**
 * A real registry on this machine, where the nodes and their Pods reach it: the program that {@code
 * UPM_REGISTRY} leads to. Runtimes that {@code ./upm up} installed take plugins from it without
 * TLS.
 */
final class HostRegistry implements AutoCloseable {
  private static final int PORT = 5000;

  private final String address;
  private final Process process;

  private HostRegistry(String address, Process process) {
    this.address = address;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param host this machine's address in the nodes' network
   * @param directory for all it keeps
   */
  static HostRegistry start(String host, Path directory) throws IOException {
    String program = System.getenv().getOrDefault("UPM_REGISTRY", "");
    Assumptions.assumeFalse(program.isEmpty(), "UPM_REGISTRY names no program of a registry");
    Files.createDirectories(directory);
    String address = host + ":" + PORT;
    Path config = directory.resolve("config.yaml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "%s"}
        """
            .formatted(directory.resolve("data"), address));
    Process process =
        new ProcessBuilder(program, "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    await("the registry listens")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> {
          new Socket(host, PORT).close();
          return true;
        });
    return new HostRegistry(address, process);
  }

  /** Host and port. */
  String address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
