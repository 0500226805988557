package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Names;

/** Which of our kinds the API server knows: Helm upgrades no CRDs. */
public final class ServedKinds {
  private ServedKinds() {}

  /**
   * Whether it knows one.
   *
   * @param version of our group
   * @param plural name of the kind in paths
   */
  public static boolean has(KubernetesClient client, String version, String plural) {
    APIResourceList kinds = client.getApiResources(Names.GROUP + "/" + version);
    return kinds != null
        && kinds.getResources().stream().anyMatch(kind -> plural.equals(kind.getName()));
  }
}
