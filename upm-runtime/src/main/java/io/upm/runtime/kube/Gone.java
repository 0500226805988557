package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import java.time.Duration;

/**
 * An object that was deleted while it was looked at, or that is to go with its namespace: nothing
 * failed, and nothing is left to do. One that was changed meanwhile is looked at again.
 */
public final class Gone {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /** Until what was changed is seen here, too. */
  private static final Duration SOON = Duration.ofMillis(300);

  private Gone() {}

  /** Whether Kubernetes makes nothing more in a namespace, because it is being deleted. */
  public static boolean isWithNamespace(KubernetesClientException refusal) {
    StatusDetails details = refusal.getStatus() == null ? null : refusal.getStatus().getDetails();
    return details != null
        && details.getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  /**
   * No retry when the object or its namespace goes, another look when the object was changed, and
   * what is usual for any other failure.
   */
  public static <P extends HasMetadata> ErrorStatusUpdateControl<P> orRetry(
      P object, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refusal) {
        if (isAbout(object, refusal, NOT_FOUND) || isWithNamespace(refusal)) {
          return ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry();
        }
        if (isAbout(object, refusal, CONFLICT)) {
          return ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry().rescheduleAfter(SOON);
        }
      }
    }
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  private static boolean isAbout(HasMetadata object, KubernetesClientException refusal, int code) {
    StatusDetails details = refusal.getStatus() == null ? null : refusal.getStatus().getDetails();
    return refusal.getCode() == code
        && details != null
        && object.getMetadata().getName().equals(details.getName())
        && object.getPlural().equals(details.getKind());
  }
}
