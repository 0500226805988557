package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Names;
import io.upm.runtime.topology.RoutePlan.LabelledPod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the topology loops know of Units, Pods, Services and EndpointSlices without asking. Of Units
 * and Pods only names and labels are kept.
 */
final class ClusterCaches implements AutoCloseable {
  /** Told of changes. */
  record Listener(Consumer<UnitKey> unitOrPod, Consumer<HasMetadata> child) {}

  private final SharedIndexInformer<GenericKubernetesResource> units;
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<EndpointSlice> slices;

  ClusterCaches(KubernetesClient client, Listener listener) {
    units =
        client
            .genericKubernetesResources(
                new ResourceDefinitionContext.Builder()
                    .withGroup(Names.GROUP)
                    .withVersion(Names.VERSION)
                    .withKind("Unit")
                    .withPlural("units")
                    .withNamespaced(true)
                    .build())
            .inAnyNamespace()
            .runnableInformer(0);
    units.itemStore(new Reduced<>(ClusterCaches::reduced));
    units.addEventHandler(
        new Telling<>(unit -> listener.unitOrPod().accept(key(unit)), (before, after) -> false));
    pods = client.pods().inAnyNamespace().withLabel(Names.LABEL_UNIT).runnableInformer(0);
    pods.itemStore(new Reduced<>(ClusterCaches::reduced));
    pods.addEventHandler(
        new Telling<>(pod -> listener.unitOrPod().accept(key(pod)), ClusterCaches::relabelled));
    services =
        client.services().inAnyNamespace().withLabel(Children.LABEL_NAME).runnableInformer(0);
    services.addEventHandler(new Telling<>(listener.child(), (before, after) -> true));
    slices =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inAnyNamespace()
            .withLabel(Children.LABEL_SLICE, Children.SLICES_MANAGED_BY)
            .runnableInformer(0);
    slices.addEventHandler(new Telling<>(listener.child(), (before, after) -> true));
  }

  /** Begins to watch, and returns when all is known. */
  void start() throws InterruptedException {
    for (var informer : List.of(units, pods, services, slices)) {
      Informers.start(informer);
    }
  }

  boolean hasUnit(String namespace, String name) {
    return units.getIndexer().getByKey(Cache.namespaceKeyFunc(namespace, name)) != null;
  }

  /** Pods of Units in a namespace. */
  List<LabelledPod> pods(String namespace) {
    return pods.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace).stream()
        .map(ClusterCaches::labelled)
        .toList();
  }

  Optional<Service> service(String namespace, String name) {
    return Optional.ofNullable(
        services.getIndexer().getByKey(Cache.namespaceKeyFunc(namespace, name)));
  }

  /** EndpointSlices that the loops made in a namespace. */
  List<EndpointSlice> slices(String namespace) {
    return slices.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace);
  }

  @Override
  public void close() {
    List.of(units, pods, services, slices).forEach(SharedIndexInformer::stop);
  }

  static LabelledPod labelled(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    return new LabelledPod(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        labels == null ? Map.of() : labels);
  }

  private static boolean relabelled(Pod before, Pod after) {
    return !labelled(before).equals(labelled(after));
  }

  private static UnitKey key(HasMetadata object) {
    return new UnitKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  private static GenericKubernetesResource reduced(GenericKubernetesResource unit) {
    var small = new GenericKubernetesResource();
    small.setApiVersion(unit.getApiVersion());
    small.setKind(unit.getKind());
    small.setMetadata(
        new ObjectMetaBuilder()
            .withName(unit.getMetadata().getName())
            .withNamespace(unit.getMetadata().getNamespace())
            .withUid(unit.getMetadata().getUid())
            .withResourceVersion(unit.getMetadata().getResourceVersion())
            .build());
    return small;
  }

  private static Pod reduced(Pod pod) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod.getMetadata().getName())
        .withNamespace(pod.getMetadata().getNamespace())
        .withUid(pod.getMetadata().getUid())
        .withResourceVersion(pod.getMetadata().getResourceVersion())
        .withLabels(pod.getMetadata().getLabels())
        .endMetadata()
        .build();
  }

  /** Keeps little of each item. */
  private static final class Reduced<T extends HasMetadata> extends BasicItemStore<T> {
    private final UnaryOperator<T> reduction;

    Reduced(UnaryOperator<T> reduction) {
      super(Cache::metaNamespaceKeyFunc);
      this.reduction = reduction;
    }

    @Override
    public @Nullable T put(String key, T item) {
      return super.put(key, reduction.apply(item));
    }
  }
}
