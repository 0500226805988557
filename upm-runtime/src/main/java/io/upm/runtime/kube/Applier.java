package io.upm.runtime.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply under one field manager, with force. An object is written when its hash differs
 * from the one that was applied last, which the object itself carries, or when somebody took over
 * one of its fields; else not.
 */
public final class Applier {
  static final String ANNOTATION_HASH = "unit-operator/applied-hash";

  private final KubernetesClient client;
  private final String fieldManager;

  public Applier(KubernetesClient client, String fieldManager) {
    this.client = client;
    this.fieldManager = fieldManager;
  }

  /**
   * Sees to it that an object is as desired.
   *
   * @param desired only what this manager wants, without status
   * @param known the object in the informer's cache; null when it isn't there, so that the API
   *     server is asked before it is made
   * @return whether something was written
   * @throws ForeignObjectException when the object belongs to another controller
   */
  public <T extends HasMetadata> boolean apply(T desired, @Nullable T known) {
    return applyTo(
        desired, Optional.ofNullable(known == null ? client.resource(desired).get() : known));
  }

  /**
   * As {@link #apply}, for an object that was looked up on the API server.
   *
   * @param live the object; empty when there is none
   */
  public <T extends HasMetadata> boolean applyTo(T desired, Optional<T> live) {
    if (live.isPresent() && !sameController(desired, live.get())) {
      throw new ForeignObjectException(live.get());
    }
    String hash = Canonical.hash(desired);
    if (live.isPresent() && isCurrent(desired, live.get(), hash)) {
      return false;
    }
    stamp(desired, hash);
    client.resource(desired).patch(context());
    return true;
  }

  private PatchContext context() {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(fieldManager)
        .withForce(true)
        .build();
  }

  private boolean isCurrent(HasMetadata desired, HasMetadata live, String hash) {
    Map<String, String> annotations = live.getMetadata().getAnnotations();
    if (annotations == null || !hash.equals(annotations.get(ANNOTATION_HASH))) {
      return false;
    }
    Optional<JsonNode> owned = OwnedFields.of(live, fieldManager, "Apply");
    return owned.isPresent() && OwnedFields.cover(owned.get(), Canonical.tree(desired));
  }

  private static void stamp(HasMetadata desired, String hash) {
    Map<String, String> annotations = desired.getMetadata().getAnnotations();
    var stamped = annotations == null ? new TreeMap<String, String>() : new TreeMap<>(annotations);
    stamped.put(ANNOTATION_HASH, hash);
    desired.getMetadata().setAnnotations(stamped);
  }

  /** An object that is desired without a controller may be taken over from nobody. */
  private static boolean sameController(HasMetadata desired, HasMetadata live) {
    Optional<String> wanted = Owners.controllerOf(desired).map(OwnerReference::getUid);
    return wanted.isEmpty() || wanted.equals(Owners.controllerOf(live).map(OwnerReference::getUid));
  }
}
