package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.util.Optional;

/**
 * What Kubernetes says of a node.
 *
 * @param name its name
 * @param exists whether the cluster has it
 * @param ready True, False or Unknown
 * @param since since when that is so, as Kubernetes writes times; empty when it isn't known
 * @param outOfService whether somebody vouches that nothing runs on it any more
 */
public record NodeState(
    String name, boolean exists, String ready, String since, boolean outOfService) {
  /** Set by an administrator on a node that is shut down. */
  static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  static NodeState of(String name, Optional<Node> node) {
    if (node.isEmpty()) {
      return new NodeState(name, false, "Unknown", "", false);
    }
    var condition =
        node.get().getStatus() == null
            ? Optional.<NodeCondition>empty()
            : node.get().getStatus().getConditions().stream()
                .filter(one -> "Ready".equals(one.getType()))
                .findFirst();
    return new NodeState(
        name,
        true,
        condition.map(one -> one.getStatus()).orElse("Unknown"),
        condition.map(one -> one.getLastTransitionTime()).orElse(""),
        node.get().getSpec() != null
            && node.get().getSpec().getTaints().stream()
                .anyMatch(taint -> OUT_OF_SERVICE.equals(taint.getKey())));
  }

  boolean isReady() {
    return exists && "True".equals(ready);
  }
}
