package io.upm.acceptance.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final String address;
  private final Path folder;
  private final HostProgram program;

  private HostStore(String address, Path folder, HostProgram program) {
    this.address = address;
    this.folder = folder;
    this.program = program;
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
    int port = HostProgram.freePort(host);
    String address = host + ":" + port;
    var builder =
        new ProcessBuilder(program, "--quiet", "--port", address, "posix", folder.toString());
    builder
        .environment()
        .putAll(Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY));
    return new HostStore(
        address, folder, HostProgram.start(builder, host, port, directory.resolve("log")));
  }

  String endpoint() {
    return "http://" + address;
  }

  /** Of the program, which has its keys in its environment. */
  long pid() {
    return program.pid();
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
        new ProcessBuilder("kill", "-" + name, String.valueOf(program.pid())).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("the store is gone");
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
