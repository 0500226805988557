package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;

/** Lets what is not a Kubernetes object ask for a look at one. Safe before the controller runs. */
public final class Nudges<P extends HasMetadata> {
  private final SimpleInboundEventSource<P> source;

  public Nudges(String name) {
    source = new SimpleInboundEventSource<>(name);
  }

  public SimpleInboundEventSource<P> source() {
    return source;
  }

  /** Asks for a look; does nothing while the controller doesn't run, since it starts with one. */
  public void nudge(String namespace, String name) {
    nudge(new ResourceID(name, namespace));
  }

  public void nudge(HasMetadata object) {
    nudge(ResourceID.fromResource(object));
  }

  /** As {@link #nudge(String, String)}; also for an object without a namespace. */
  public void nudge(ResourceID id) {
    if (source.isRunning()) {
      source.propagateEvent(id);
    }
  }
}
