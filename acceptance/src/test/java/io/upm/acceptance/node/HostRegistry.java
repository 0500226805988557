package io.upm.acceptance.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A real registry on this machine, where the nodes and their Pods reach it: the program that {@code
 * UPM_REGISTRY} leads to. Runtimes that {@code ./upm up} installed take plugins from it without
 * TLS.
 */
final class HostRegistry implements AutoCloseable {
  /** The one that those runtimes trust. */
  private static final int PORT = 5000;

  private final String address;
  private final HostProgram program;

  private HostRegistry(String address, HostProgram program) {
    this.address = address;
    this.program = program;
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
    return new HostRegistry(
        address,
        HostProgram.start(
            new ProcessBuilder(program, "serve", config.toString()),
            host,
            PORT,
            directory.resolve("log")));
  }

  /** Host and port. */
  String address() {
    return address;
  }

  @Override
  public void close() {
    program.close();
  }
}
