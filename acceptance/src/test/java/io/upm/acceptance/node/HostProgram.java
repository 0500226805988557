package io.upm.acceptance.node;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A program that serves on this machine, where the nodes and their Pods reach it, on a port of its
 * own: tests run side by side.
 */
final class HostProgram implements AutoCloseable {
  private final Process process;

  private HostProgram(Process process) {
    this.process = process;
  }

  /** A port that nobody has. */
  static int freePort(String host) throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  /**
   * Starts one, and returns when it listens.
   *
   * @param log for what it says
   */
  static HostProgram start(ProcessBuilder builder, String host, int port, Path log)
      throws IOException {
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    await(builder.command().getFirst())
        .atMost(Duration.ofSeconds(30))
        .failFast(
            "it ended",
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(Files.readString(log));
              }
            })
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          new Socket(host, port).close();
          return true;
        });
    return new HostProgram(process);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
