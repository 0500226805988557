package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
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
 * Reads where Units run and what their volumes allow. Volumes are asked for only when something
 * depends on them: a node is lost.
 */
final class Places {
  /** By which a volume is bound to one node; other keys, such as a zone's, leave a choice. */
  private static final Set<String> ONE_NODE = Set.of("kubernetes.io/hostname", "metadata.name");

  private final KubernetesClient client;
  private volatile @Nullable Nodes nodes;
  private volatile @Nullable StorageClasses classes;

  Places(KubernetesClient client) {
    this.client = client;
  }

  void watch(Nodes ofCluster, StorageClasses storage) {
    nodes = ofCluster;
    classes = storage;
  }

  UnitView.Place observe(Unit unit, UnitView.Children children) {
    Nodes known = nodes;
    Optional<NodeState> node =
        known == null ? Optional.empty() : children.pod().flatMap(Places::nodeOf).map(known::get);
    boolean lost = node.filter(state -> !state.isReady()).isPresent();
    return new UnitView.Place(
        node,
        lost ? bound(children.claims()) : List.of(),
        fixed(unit, children.claims()),
        children.pod().isPresent() ? List.of() : unbound(unit, children.claims()));
  }

  /** Claims that get their volume without a Pod, and have none yet. */
  private List<String> unbound(Unit unit, Map<String, PersistentVolumeClaim> claims) {
    return unit.getSpec().volumeClaimTemplates().stream()
        .filter(template -> storage(template.spec()).filter(Places::bindsAtOnce).isPresent())
        .map(template -> ClaimObjects.name(unit, template))
        .filter(name -> isPending(claims.get(name)))
        .toList();
  }

  private static boolean isPending(@Nullable PersistentVolumeClaim claim) {
    String phase = claim == null || claim.getStatus() == null ? null : claim.getStatus().getPhase();
    return phase == null || "Pending".equals(phase);
  }

  private static boolean bindsAtOnce(StorageClass storage) {
    return !"WaitForFirstConsumer".equals(storage.getVolumeBindingMode());
  }

  private Optional<StorageClass> storage(PersistentVolumeClaimSpec claim) {
    StorageClasses known = classes;
    return known == null ? Optional.empty() : known.of(claim);
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
    return storage(claim.getSpec())
            .filter(storage -> Boolean.TRUE.equals(storage.getAllowVolumeExpansion()))
            .isPresent()
        ? Optional.empty()
        : Optional.of("StorageClass \"%s\" does not allow volumes to grow".formatted(name));
  }
}
