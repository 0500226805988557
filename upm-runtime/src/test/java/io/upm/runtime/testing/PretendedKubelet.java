package io.upm.runtime.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Says of Pods that no node takes (they select none) that they run and are ready. The API server is
 * real, so everything but the containers is.
 */
public final class PretendedKubelet implements AutoCloseable {
  private final KubernetesClient client;
  private final SharedIndexInformer<Pod> informer;
  private final AtomicInteger addresses = new AtomicInteger(10);
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  public PretendedKubelet(KubernetesClient client, String namespace) {
    this.client = client;
    informer =
        client
            .pods()
            .inNamespace(namespace)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    run(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod pod) {
                    run(pod);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean unknown) {}
                });
  }

  /** Pods with this image never become ready. */
  public void breaks(String image) {
    broken.add(image);
  }

  @Override
  public void close() {
    informer.close();
  }

  private void run(Pod pod) {
    Predicate<String> isBroken = broken::contains;
    boolean starts =
        pod.getMetadata().getDeletionTimestamp() == null
            && "Pending".equals(pod.getStatus().getPhase())
            && !isBroken.test(pod.getSpec().getContainers().getFirst().getImage());
    if (!starts) {
      return;
    }
    try {
      String address = "10.99.0." + addresses.getAndIncrement() % 250;
      client
          .resource(pod)
          .editStatus(live ->
              new PodBuilder(live)
                  .editStatus()
                  .withPhase("Running")
                  .withPodIP(address)
                  .withHostIP("192.0.2.1")
                  .withPodIPs()
                  .addNewPodIP(address)
                  .addNewCondition()
                  .withType("Ready")
                  .withStatus("True")
                  .endCondition()
                  .endStatus()
                  .build());
    } catch (KubernetesClientException e) {
      // A Pod that changed is seen again; at the end of a test the client may be closed already.
      if (e.getCode() != 404 && e.getCode() != 409 && informer.isRunning()) {
        throw e;
      }
    }
  }
}
