package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Objects;

/** Which changes of an object are a user's. */
public final class Changes {
  private Changes() {}

  /** Whether anything but status changed: spec, labels, annotations, owners or deletion. */
  public static boolean ofIntent(HasMetadata now, HasMetadata before) {
    ObjectMeta next = now.getMetadata();
    ObjectMeta last = before.getMetadata();
    return !Objects.equals(next.getUid(), last.getUid())
        || !Objects.equals(next.getGeneration(), last.getGeneration())
        || !Objects.equals(next.getLabels(), last.getLabels())
        || !Objects.equals(next.getAnnotations(), last.getAnnotations())
        || !Objects.equals(next.getOwnerReferences(), last.getOwnerReferences())
        || !Objects.equals(next.getDeletionTimestamp(), last.getDeletionTimestamp());
  }
}
