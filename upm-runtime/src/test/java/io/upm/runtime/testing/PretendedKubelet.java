package io.upm.runtime.testing;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

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

  /** As a kubelet that has the room. */
  private void resize(Pod pod) {
    var resources = pod.getSpec().getContainers().getFirst().getResources();
    boolean has =
        pod.getStatus().getContainerStatuses().stream()
            .anyMatch(status -> Objects.equals(resources, status.getResources()));
    if (has || !"Running".equals(pod.getStatus().getPhase())) {
      return;
    }
    edit(
        pod,
        live ->
            new PodBuilder(live)
                .editStatus()
                .withContainerStatuses(
                    new ContainerStatusBuilder()
                        .withName(live.getSpec().getContainers().getFirst().getName())
                        .withImage(live.getSpec().getContainers().getFirst().getImage())
                        .withImageID("")
                        .withReady(true)
                        .withRestartCount(0)
                        .withResources(live.getSpec().getContainers().getFirst().getResources())
                        .build())
                .endStatus()
                .build());
  }

  private void run(Pod pod) {
    resize(pod);
    Predicate<String> isBroken = broken::contains;
    boolean starts =
        pod.getMetadata().getDeletionTimestamp() == null
            && "Pending".equals(pod.getStatus().getPhase())
            && !isBroken.test(pod.getSpec().getContainers().getFirst().getImage());
    if (!starts) {
      return;
    }
    String address = "10.99.0." + addresses.getAndIncrement() % 250;
    edit(
        pod,
        live ->
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
  }

  private void edit(Pod pod, UnaryOperator<Pod> change) {
    try {
      client.resource(pod).editStatus(change);
    } catch (KubernetesClientException e) {
      // A Pod that changed is seen again; at the end of a test the client may be closed already.
      if (e.getCode() != 404 && e.getCode() != 409 && informer.isRunning()) {
        throw e;
      }
    }
  }
}
