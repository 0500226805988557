package io.upm.acceptance.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * What {@code hack/cluster} can do to the nodes under test; no other cluster's nodes are touched.
 */
final class NodeFaults implements AutoCloseable {
  private final Path state;
  private final String name;
  private final String octet;
  private String cut = "";
  private String crashed = "";

  private NodeFaults(Path state, String name, String octet) {
    this.state = state;
    this.name = name;
    this.octet = octet;
  }

  /** Skips the test where the nodes are not those of {@code hack/cluster}. */
  static NodeFaults ofClusterUnderTest() {
    Path kubeconfig = Path.of(Objects.requireNonNull(System.getenv("UPM_KUBECONFIG")));
    try {
      Path state = kubeconfig.toRealPath().getParent();
      Assumptions.assumeTrue(
          Files.exists(state.resolve("cluster")), "the cluster is not one of hack/cluster");
      String[] words = Files.readString(state.resolve("cluster")).strip().split(" ", -1);
      return new NodeFaults(state, words[0], words[1]);
    } catch (IOException e) {
      throw new AssertionError("state of the cluster under test", e);
    }
  }

  /** Takes the node's link down: it runs on, and nobody hears of it. */
  void cut(String node) {
    cut = node;
    run("cut-node", node);
  }

  /** Takes the node's power: nothing of it runs any more, and nobody is told. */
  void crash(String node) {
    cut(node);
    crashed = node;
    run("crash-node", node);
  }

  /** Ends what was done to a node. */
  void heal() {
    if (!cut.isEmpty()) {
      run("heal-node", cut);
      cut = "";
    }
    if (!crashed.isEmpty()) {
      run("start-node", crashed);
      crashed = "";
    }
  }

  /** Uids of the Pods that the kubelet of a node still holds something for. */
  Set<String> podsOn(String node) {
    try (var folders = Files.list(state.resolve("nodes/" + node + "/var/lib/kubelet/pods"))) {
      return folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has every node know an image. */
  void loadImage(Path archive) {
    run("load-image", archive.toString());
  }

  /** Gives an image that every node knows another name. */
  void tagImage(String image, String name) {
    run("tag-image", image, name);
  }

  /** Where this machine sees what the Pods' volume claims lead to. */
  Path volume(String hostPath) {
    return state.resolve("tmp").resolve(Path.of("/tmp").relativize(Path.of(hostPath)));
  }

  @Override
  public void close() {
    heal();
  }

  private void run(String... command) {
    var builder = new ProcessBuilder(Path.of("..", "hack", "cluster", "cluster").toString());
    builder.command().addAll(List.of(command));
    builder.environment().put("UPM_CLUSTER", name);
    builder.environment().put("UPM_OCTET", octet);
    builder.environment().put("UPM_STATE", state.toString());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", builder.command()) + " failed");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
