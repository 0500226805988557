package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.kube.PodMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes labels and annotations of running Pods. The same change isn't made twice in a short time:
 * whoever undoes it, such as another controller or an admission webhook, would do so again, and the
 * two would never rest.
 */
final class PodPatches {
  private static final Logger LOG = LoggerFactory.getLogger(PodPatches.class);
  private static final Duration AGAIN = Duration.ofMinutes(10);

  private record Written(String podUid, String patch, Instant at) {}

  private final KubernetesClient client;
  private final Map<UnitKey, Written> written = new ConcurrentHashMap<>();

  PodPatches(KubernetesClient client) {
    this.client = client;
  }

  void patch(Pod pod, String patch, Instant now) {
    var key = new UnitKey(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    Written last = written.get(key);
    if (last != null
        && last.podUid().equals(pod.getMetadata().getUid())
        && last.patch().equals(patch)
        && now.isBefore(last.at().plus(AGAIN))) {
      LOG.debug("Pod {} was changed so a short while ago, and it was undone: {}", key, patch);
      return;
    }
    client.resource(pod).patch(context(PatchType.JSON_MERGE), patch);
    written.put(key, new Written(pod.getMetadata().getUid(), patch, now));
  }

  /**
   * Sees to it that a Pod is seen that is there though it should be made: one that lost the label
   * that it is found by gets its labels back. Where only the cache is behind, nothing is written.
   */
  void show(Pod live, Pod desired) {
    Pod labels = new Pod();
    labels.setMetadata(
        new ObjectMetaBuilder()
            .withLabels(desired.getMetadata().getLabels())
            .withAnnotations(live.getMetadata().getAnnotations())
            .build());
    PodMetadata.patch(live, labels, DecideUnit.FIELD_MANAGER)
        .ifPresent(patch -> client.resource(live).patch(context(PatchType.JSON_MERGE), patch));
  }

  void forget(UnitKey key) {
    written.remove(key);
  }

  static PatchContext context(PatchType type) {
    return new PatchContext.Builder()
        .withPatchType(type)
        .withFieldManager(DecideUnit.FIELD_MANAGER)
        .build();
  }
}
