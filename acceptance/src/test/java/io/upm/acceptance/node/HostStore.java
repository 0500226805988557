package io.upm.acceptance.node;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A real S3 store on this machine, over a folder, where Pods reach it: the program that {@code
 * UPM_S3_SERVER} leads to.
 */
final class HostStore implements AutoCloseable {
  static final String BUCKET = "backups";
  static final String ACCESS_KEY = "acceptance";
  static final String SECRET_KEY = "marked-secret-of-the-store";

  private static final int PORT = 7070;

  private final String host;
  private final Path folder;
  private final Process process;

  private HostStore(String host, Path folder, Process process) {
    this.host = host;
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param host this machine's address in the nodes' network
   * @param directory for all it keeps
   */
  static HostStore start(String host, Path directory) throws IOException {
    String program = System.getenv().getOrDefault("UPM_S3_SERVER", "");
    Assumptions.assumeFalse(program.isEmpty(), "UPM_S3_SERVER names no S3 server");
    Path folder = Files.createDirectories(directory.resolve("store"));
    Files.createDirectories(folder.resolve(BUCKET));
    var builder =
        new ProcessBuilder(
            program, "--quiet", "--port", host + ":" + PORT, "posix", folder.toString());
    builder
        .environment()
        .putAll(Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY));
    Process process =
        builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
    await("the store listens")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          new Socket(host, PORT).close();
          return true;
        });
    return new HostStore(host, folder, process);
  }

  String endpoint() {
    return "http://" + host + ":" + PORT;
  }

  /** Of the program, which has its keys in its environment. */
  long pid() {
    return process.pid();
  }

  /** Where an object of that place is kept. */
  Path file(String place, String name) {
    return folder.resolve(place.substring("s3://".length())).resolve(name);
  }

  /** The Secret with what opens it. */
  static String secret(String name, String encryptionKey) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    stringData: {accessKey: %s, secretKey: %s, encryptionKey: "%s"}
    """
        .formatted(name, ACCESS_KEY, SECRET_KEY, encryptionKey);
  }

  /** Takes connections from now on and answers nothing, until it thaws. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("the store is gone");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
