package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads where Units run and what their volumes allow. Volumes and storage classes are asked for
 * only when something depends on them: a node is lost, a claim is to grow.
 */
final class Places {
  /** By which a volume is bound to one node; other keys, such as a zone's, leave a choice. */
  private static final Set<String> ONE_NODE = Set.of("kubernetes.io/hostname", "metadata.name");

  private final KubernetesClient client;
  private volatile @Nullable Nodes nodes;

  Places(KubernetesClient client) {
    this.client = client;
  }

  void watch(Nodes value) {
    nodes = value;
  }

  UnitView.Place observe(Unit unit, UnitView.Children children) {
    Nodes known = nodes;
    Optional<NodeState> node =
        known == null ? Optional.empty() : children.pod().flatMap(Places::nodeOf).map(known::get);
    boolean lost = node.filter(state -> !state.isReady()).isPresent();
    return new UnitView.Place(
        node, lost ? bound(children.claims()) : List.of(), fixed(unit, children.claims()));
  }

  private static Optional<String> nodeOf(Pod pod) {
    return Optional.ofNullable(pod.getSpec() == null ? null : pod.getSpec().getNodeName());
  }

  private List<String> bound(Map<String, PersistentVolumeClaim> claims) {
    return claims.values().stream()
        .filter(claim -> volume(claim).filter(Places::isBound).isPresent())
        .map(claim -> claim.getMetadata().getName())
        .sorted()
        .toList();
  }

  private Optional<PersistentVolume> volume(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getSpec().getVolumeName())
        .map(name -> client.persistentVolumes().withName(name).get());
  }

  private static boolean isBound(PersistentVolume volume) {
    var affinity = volume.getSpec().getNodeAffinity();
    return affinity != null
        && affinity.getRequired() != null
        && affinity.getRequired().getNodeSelectorTerms().stream().anyMatch(Places::namesNode);
  }

  private static boolean namesNode(NodeSelectorTerm term) {
    return term.getMatchExpressions().stream().anyMatch(one -> ONE_NODE.contains(one.getKey()))
        || term.getMatchFields().stream().anyMatch(one -> ONE_NODE.contains(one.getKey()));
  }

  private Map<String, String> fixed(Unit unit, Map<String, PersistentVolumeClaim> claims) {
    var fixed = new TreeMap<String, String>();
    ClaimObjects.growing(unit, claims)
        .forEach((name, claim) -> obstacle(claim).ifPresent(why -> fixed.put(name, why)));
    return fixed;
  }

  private Optional<String> obstacle(PersistentVolumeClaim claim) {
    String name = claim.getSpec().getStorageClassName();
    if (name == null || name.isEmpty()) {
      return Optional.of("it has no StorageClass");
    }
    StorageClass storage = client.storage().v1().storageClasses().withName(name).get();
    boolean grows = storage != null && Boolean.TRUE.equals(storage.getAllowVolumeExpansion());
    return grows
        ? Optional.empty()
        : Optional.of("StorageClass \"%s\" does not allow volumes to grow".formatted(name));
  }
}
