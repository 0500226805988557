package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.unit.UnitDecision.Awaited;
import java.util.Optional;

/**
 * What can be done about a Pod whose node is lost. Pure. The rules:
 *
 * <ol>
 *   <li>A node that is silent may run on, and its Pod may write: nothing is done, and the user is
 *       told how to say that it is dead.
 *   <li>The Pod can't write any more when its node isn't ready and somebody vouches for it by the
 *       taint out-of-service, or when the kubelet had reported the end of all its containers.
 *   <li>Even then it is replaced only when another node can have its volumes.
 * </ol>
 */
final class LostNode {
  private LostNode() {}

  /** What is known of a Pod's node. */
  sealed interface Verdict {
    /** Nothing is wrong with it. */
    record Fine() implements Verdict {}

    /** It is lost, and so is the Unit until something is done. */
    record Lost(Awaited awaited) implements Verdict {}

    /** It is lost, and the Pod can be replaced. */
    record Replaceable(String why) implements Verdict {}
  }

  static Verdict judge(UnitView view, Pod pod) {
    Optional<NodeState> node = view.place().node();
    if (node.isEmpty() || node.get().isReady()) {
      return new Verdict.Fine();
    }
    NodeState lost = node.get();
    if (!lost.exists()) {
      return new Verdict.Lost(
          new Awaited(
              "node %s is no longer part of the cluster: Kubernetes removes the Pod"
                  .formatted(lost.name()),
              bound(view, lost.name()).orElse("")));
    }
    if (lost.outOfService() || hasEnded(pod)) {
      return bound(view, lost.name())
          .<Verdict>map(how -> new Verdict.Lost(new Awaited(silent(lost), how)))
          .orElseGet(() -> new Verdict.Replaceable(silent(lost) + proof(lost)));
    }
    return new Verdict.Lost(
        new Awaited(
            silent(lost),
            bound(view, lost.name())
                .orElse(
                    "if the node is really down, say so, and the Pod is made on another: kubectl"
                        + " taint nodes %s %s=nodeshutdown:NoExecute"
                            .formatted(lost.name(), NodeState.OUT_OF_SERVICE))));
  }

  private static String silent(NodeState node) {
    String since = node.since().isEmpty() ? "" : " since " + node.since();
    return "node %s is not ready%s".formatted(node.name(), since);
  }

  private static String proof(NodeState node) {
    return node.outOfService() ? ", and is out of service" : ", and the Pod's containers had ended";
  }

  /** Why the Pod can't be made on another node, as what to do about it; empty when it can. */
  private static Optional<String> bound(UnitView view, String node) {
    if (view.unit().getSpec().boundToNode()) {
      return Optional.of(
          "the Unit is bound to node %s: bring it back, or set spec.unbindNode to true"
              .formatted(node));
    }
    return view.place().boundClaims().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the volume of claim %s can be used on node %s only: bring it back, or delete claim and"
                    .formatted(String.join(", ", view.place().boundClaims()), node)
                + " Pod to begin with an empty one");
  }

  private static boolean hasEnded(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null
        && !pod.getStatus().getContainerStatuses().isEmpty()
        && pod.getStatus().getContainerStatuses().stream()
            .allMatch(
                status -> status.getState() != null && status.getState().getTerminated() != null);
  }
}
