package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.Supplier;

/**
 * Turns errors into exceptions: JOSDK catches only exceptions, and after an error it would take the
 * object for under way for ever.
 */
public final class Guard {
  private Guard() {}

  public static <T> T contain(HasMetadata object, Supplier<T> work) {
    try {
      return work.get();
    } catch (LinkageError | StackOverflowError | AssertionError e) {
      throw new IllegalStateException(
          "reconciling %s %s/%s failed"
              .formatted(
                  object.getKind(),
                  object.getMetadata().getNamespace(),
                  object.getMetadata().getName()),
          e);
    }
  }
}
