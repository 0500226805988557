package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.api.Unit;

/** The Pods of Units; tells which namespace has none any more. */
final class UnitPods extends InformerEventSource<Pod, Unit> {
  private final LeavingNamespaces namespaces;

  UnitPods(
      InformerEventSourceConfiguration<Pod> configuration,
      EventSourceContext<Unit> context,
      LeavingNamespaces namespaces) {
    super(configuration, context);
    this.namespaces = namespaces;
  }

  @Override
  public void onDelete(Pod pod, boolean stateUnknown) {
    super.onDelete(pod, stateUnknown);
    String namespace = pod.getMetadata().getNamespace();
    boolean last =
        list(other -> namespace.equals(other.getMetadata().getNamespace())).findAny().isEmpty();
    if (last) {
      namespaces.emptied(namespace);
    }
  }
}
