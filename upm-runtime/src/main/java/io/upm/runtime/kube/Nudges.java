package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Lets what is not a Kubernetes object ask for a look at one. Safe before the controller runs. */
public final class Nudges<P extends HasMetadata> {
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  private final Source<P> source;

  /**
   * Also tells of an object as of one that was added: JOSDK hears nothing else of an unknown one.
   */
  private static final class Source<P extends HasMetadata> extends SimpleInboundEventSource<P> {
    Source(String name) {
      super(name);
    }

    void add(P object) {
      if (isRunning()) {
        getEventHandler()
            .handleEvent(
                new ResourceEvent(ResourceAction.ADDED, ResourceID.fromResource(object), object));
      }
    }
  }

  public Nudges(String name) {
    source = new Source<>(name);
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

  /**
   * To be called when a look is told that its object was deleted. Another one that was made of its
   * name before that look ends is forgotten with it by JOSDK (5.2, with a look at all events), so
   * that one is told of a moment later.
   */
  public void afterDeletion(P deleted, Context<P> context) {
    ResourceID id = ResourceID.fromResource(deleted);
    IndexedResourceCache<P> cache = context.getPrimaryCache();
    LATER.execute(() -> cache.get(id).ifPresent(source::add));
  }

  /** As {@link #nudge(String, String)}; also for an object without a namespace. */
  public void nudge(ResourceID id) {
    if (source.isRunning()) {
      source.propagateEvent(id);
    }
  }
}
