package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply under one field manager, with force. An object is written when its hash differs
 * from the one that was applied last, which the object itself carries, or when somebody took over
 * one of its fields; else not.
 */
public final class Applier {
  static final String ANNOTATION_HASH = "unit-operator/applied-hash";

  /**
   * No object ever has this version. An apply that asks for it therefore makes what isn't there,
   * and is refused as a conflict where anything of that name is.
   */
  private static final String OF_NOTHING = "1";

  private static final int CONFLICT = 409;
  private static final int REMEMBERED = 4096;

  private final KubernetesClient client;
  private final String fieldManager;

  /** Looks at objects are many, and changes of who owns what in them are few. */
  private final AtomicReferenceArray<@Nullable Covered> checked =
      new AtomicReferenceArray<>(REMEMBERED);

  /** That the fields of what has this hash were found among those that are owned in an object. */
  private record Covered(String uid, String hash, OwnedFields owned) {
    int slot() {
      return Math.floorMod(uid.hashCode(), REMEMBERED);
    }
  }

  public Applier(KubernetesClient client, String fieldManager) {
    this.client = client;
    this.fieldManager = fieldManager;
  }

  /**
   * Sees to it that an object is as desired.
   *
   * @param desired only what this manager wants, without status
   * @param known the object in the informer's cache; null when it isn't there: it is made then,
   *     unless the API server has one that the cache doesn't know
   * @return whether something was written
   * @throws ForeignObjectException when the object belongs to another controller
   */
  public <T extends HasMetadata> boolean apply(T desired, @Nullable T known) {
    if (known == null && create(desired)) {
      return true;
    }
    return applyTo(
        desired, Optional.ofNullable(known == null ? client.resource(desired).get() : known));
  }

  /**
   * Makes an object, in one request.
   *
   * @return false when there is one of that name, which is left as it is
   */
  public boolean create(HasMetadata desired) {
    Map<String, String> annotations = desired.getMetadata().getAnnotations();
    stamp(desired, Canonical.hash(desired));
    desired.getMetadata().setResourceVersion(OF_NOTHING);
    try {
      client.resource(desired).patch(context());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      return false;
    } finally {
      desired.getMetadata().setAnnotations(annotations);
      desired.getMetadata().setResourceVersion(null);
    }
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

  /**
   * The object of the desired one's name, as the API server has it.
   *
   * @throws ForeignObjectException when it belongs to another controller
   */
  public <T extends HasMetadata> Optional<T> find(T desired) {
    Optional<T> live = Optional.ofNullable(client.resource(desired).get());
    if (live.isPresent() && !sameController(desired, live.get())) {
      throw new ForeignObjectException(live.get());
    }
    return live;
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
    Optional<OwnedFields> owned = OwnedFields.of(live, fieldManager, "Apply");
    if (owned.isEmpty()) {
      return false;
    }
    var covered = new Covered(live.getMetadata().getUid(), hash, owned.get());
    if (covered.equals(checked.get(covered.slot()))) {
      return true;
    }
    boolean current = owned.get().cover(Canonical.tree(desired));
    if (current) {
      checked.set(covered.slot(), covered);
    }
    return current;
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
