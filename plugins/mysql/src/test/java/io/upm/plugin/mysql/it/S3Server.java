package io.upm.plugin.mysql.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A real S3 server on this machine, the program that {@code UPM_S3_SERVER} leads to, and the mover
 * that carries data to it.
 */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "backups";
  static final Map<String, String> KEYS =
      Map.of("accessKey", "backups", "secretKey", "a secret of tests");

  private final Path directory;
  private final int port;
  private final Process process;

  S3Server(Path directory) {
    String program = System.getenv().getOrDefault("UPM_S3_SERVER", "");
    Assumptions.assumeFalse(program.isEmpty(), "UPM_S3_SERVER names no S3 server");
    this.directory = directory;
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.process = start(program);
    await("the store listens")
        .ignoreExceptions()
        .until(() -> {
          new Socket("127.0.0.1", port).close();
          return true;
        });
  }

  private Process start(String program) {
    try {
      Files.createDirectories(directory.resolve("store").resolve(BUCKET));
      var builder =
          new ProcessBuilder(
              program,
              "--quiet",
              "--port",
              "0.0.0.0:" + port,
              "posix",
              directory.resolve("store").toString());
      builder
          .environment()
          .putAll(
              Map.of(
                  "ROOT_ACCESS_KEY",
                  KEYS.get("accessKey"),
                  "ROOT_SECRET_KEY",
                  KEYS.get("secretKey")));
      return builder
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a container reaches it. */
  String endpoint(Box box) {
    return "http://%s:%d".formatted(box.gateway(), port);
  }

  /** Where an object of that place is kept. */
  Path file(String place, String name) {
    return directory.resolve("store").resolve(place.substring("s3://".length())).resolve(name);
  }

  /** Builds the mover, as static as it is in production. */
  static void buildMover(Path program) {
    var builder =
        new ProcessBuilder(List.of("go", "build", "-o", program.toString(), "."))
            .directory(Path.of("../../agent/mover").toAbsolutePath().normalize().toFile())
            .redirectErrorStream(true);
    builder.environment().put("CGO_ENABLED", "0");
    try {
      Process go = builder.start();
      String output = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (go.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
