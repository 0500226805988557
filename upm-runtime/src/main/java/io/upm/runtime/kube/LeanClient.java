package io.upm.runtime.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** The runtime's client of the API server: what it reads for a fleet's caches takes little room. */
public final class LeanClient {
  private LeanClient() {}

  /** A client that connects as its surroundings say, if nothing else is set. */
  public static KubernetesClientBuilder builder() {
    var mapper = new ObjectMapper().registerModule(new SharedValues());
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(new KubernetesSerialization(mapper, true));
  }
}
