package io.upm.acceptance.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What there was when a wait ran out: a failure on a machine that is gone has to explain itself.
 */
final class Scene {
  private static final String RUNTIME = "upm-system";
  private static final int LINES = 60;

  private Scene() {}

  static String of(Cluster cluster) {
    var text = new StringBuilder();
    for (String kind : List.of("UnitSet", "Unit", "MysqlReplication")) {
      for (var object : cluster.list(kind)) {
        text.append(kind).append(' ').append(object.getMetadata().getName()).append(": ");
        text.append(Serialization.asJson(Cluster.at(object, "status"))).append('\n');
      }
    }
    for (Pod pod : cluster.client.pods().inNamespace(cluster.namespace).list().getItems()) {
      text.append(line(pod));
    }
    for (Pod pod : cluster.client.pods().inNamespace(RUNTIME).list().getItems()) {
      text.append(line(pod)).append(log(cluster, pod)).append('\n');
    }
    return text.toString();
  }

  private static String line(Pod pod) {
    return "Pod %s on %s: %s, %s, deleted %s%n"
        .formatted(
            pod.getMetadata().getName(),
            pod.getSpec().getNodeName(),
            pod.getStatus().getPhase(),
            pod.getStatus().getConditions().stream()
                .map(condition -> condition.getType() + "=" + condition.getStatus())
                .collect(Collectors.joining(" ")),
            pod.getMetadata().getDeletionTimestamp());
  }

  private static String log(Cluster cluster, Pod pod) {
    try {
      return cluster
          .client
          .pods()
          .inNamespace(RUNTIME)
          .withName(pod.getMetadata().getName())
          .tailingLines(LINES)
          .getLog();
    } catch (KubernetesClientException e) {
      return e.getMessage();
    }
  }
}
