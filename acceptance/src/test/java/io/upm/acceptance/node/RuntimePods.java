package io.upm.acceptance.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** The runtime's Pods, whose volumes lie on this machine. */
final class RuntimePods {
  private static final String NAMESPACE = "upm-system";
  private static final String NAME = "upm-runtime";

  private final Cluster cluster;
  private final Path state;
  private final int usual;

  private RuntimePods(Cluster cluster, Path state, int usual) {
    this.cluster = cluster;
    this.state = state;
    this.usual = usual;
  }

  /** Skips the test where the nodes are not those of {@code hack/cluster}. */
  static RuntimePods ofClusterUnderTest(Cluster cluster) throws IOException {
    Path kubeconfig = Path.of(Objects.requireNonNull(System.getenv("UPM_KUBECONFIG")));
    Path state = kubeconfig.toRealPath().getParent();
    Assumptions.assumeTrue(
        Files.isDirectory(state.resolve("nodes")), "the cluster is not one of hack/cluster");
    int replicas =
        cluster
            .client
            .apps()
            .deployments()
            .inNamespace(NAMESPACE)
            .withName(NAME)
            .require()
            .getSpec()
            .getReplicas();
    return new RuntimePods(cluster, state, replicas);
  }

  /** Ends all of them. */
  void stop() {
    scale(0);
    cluster.await("no runtime", () -> pods().isEmpty());
  }

  /** As many as usual, which find the files of a folder when they come to look for them. */
  void start(Path folder) {
    scale(usual);
    cluster.await(
        "volumes of %d runtimes".formatted(usual),
        () ->
            pods().size() == usual
                && pods().stream().allMatch(pod -> Files.isDirectory(temporary(pod))));
    put(folder);
    cluster.await(
        "%d runtimes".formatted(usual), () -> pods().stream().allMatch(RuntimePods::isReady));
  }

  private void scale(int replicas) {
    cluster.client.apps().deployments().inNamespace(NAMESPACE).withName(NAME).scale(replicas);
  }

  /** Puts the files of a folder into the folder for temporary files of each. */
  void put(Path folder) {
    for (Pod pod : pods()) {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.copy(
              file,
              temporary(pod).resolve(file.getFileName()),
              StandardCopyOption.REPLACE_EXISTING);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Path temporary(Pod pod) {
    return state.resolve(
        "nodes/%s/var/lib/kubelet/pods/%s/volumes/kubernetes.io~empty-dir/tmp"
            .formatted(pod.getSpec().getNodeName(), pod.getMetadata().getUid()));
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(one -> one.getType().equals("Ready") && one.getStatus().equals("True"));
  }

  private List<Pod> pods() {
    return cluster
        .client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems();
  }
}
