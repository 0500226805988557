package io.upm.runtime.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The parts of the control plane that {@code UPM_CONTROL_PLANE} leads to, to be broken. */
public final class ControlPlane {
  private static final Path SCRIPT =
      Path.of("..", "hack", "cluster", "cluster").toAbsolutePath().normalize();
  private static final long LIMIT_SECONDS = 120;

  private final Path state;

  private ControlPlane(Path state) {
    this.state = state;
  }

  /** That of the tests; they are skipped where there is none of our own. */
  public static ControlPlane ofTests() {
    String kubeconfig = TestCluster.controlPlane();
    Assumptions.assumeFalse(
        kubeconfig.isEmpty(), "UPM_CONTROL_PLANE names no control plane that may be broken");
    Path folder = Path.of(kubeconfig).toAbsolutePath().getParent();
    if (folder == null || !Files.exists(folder.resolve("cluster"))) {
      throw new IllegalStateException(kubeconfig + " is not of a cluster of hack/cluster");
    }
    return new ControlPlane(folder);
  }

  public void crash(String part) throws IOException, InterruptedException {
    script("crash", part);
  }

  public void freeze(String part) throws IOException, InterruptedException {
    script("freeze", part);
  }

  public void thaw(String part) throws IOException, InterruptedException {
    script("thaw", part);
  }

  /** Starts what was crashed, and returns when the API server answers. */
  public void repair() throws IOException, InterruptedException {
    script("up", "--nodes", "0");
  }

  private void script(String... words) throws IOException, InterruptedException {
    String[] owner = Files.readString(state.resolve("cluster")).strip().split(" ");
    var command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of("UPM_CLUSTER", owner[0], "UPM_OCTET", owner[1], "UPM_STATE", state.toString()));
    Path log = Files.createTempFile("control-plane", ".log");
    Process process = builder.redirectOutput(log.toFile()).start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(String.join(" ", words) + ": " + Files.readString(log));
    }
    Files.delete(log);
  }
}
