package io.upm.runtime.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes that may be refused. What a user can do something about is collected as sentences, so that
 * one refused object doesn't stop the others; what only time heals is thrown and tried again.
 */
public final class Attempts {
  /** Bad request, forbidden (quota, policy), unprocessable. */
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 422);

  private final List<String> failures = new ArrayList<>();

  /**
   * Tries a write.
   *
   * @param what the object, as in {@code volume claim "db-0-data"}
   */
  public void run(String what, Runnable write) {
    try {
      write.run();
    } catch (ForeignObjectException e) {
      failures.add(e.getMessage() + ".");
    } catch (KubernetesClientException e) {
      if (!REFUSALS.contains(e.getCode()) || Gone.isWithNamespace(e)) {
        throw e;
      }
      failures.add("Kubernetes refused %s: %s.".formatted(what, reason(e)));
    }
  }

  /** One sentence for each write that was refused. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  private static String reason(KubernetesClientException e) {
    String status = e.getStatus() == null ? null : e.getStatus().getMessage();
    return status == null ? "code " + e.getCode() : status;
  }
}
