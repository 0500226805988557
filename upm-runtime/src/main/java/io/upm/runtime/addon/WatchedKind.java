package io.upm.runtime.addon;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One kind of another product: not there, waited for, or watched. */
final class WatchedKind {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedKind.class);
  private static final long PATIENCE_SECONDS = 10;

  private final KubernetesClient client;
  private final AddOnKind kind;
  private final AddOns.Interest interest;
  private final ReentrantLock starting = new ReentrantLock();
  private @Nullable SharedIndexInformer<CustomResourceDefinition> arrival;
  private volatile @Nullable SharedIndexInformer<GenericKubernetesResource> objects;

  WatchedKind(KubernetesClient client, AddOnKind kind, AddOns.Interest interest) {
    this.client = client;
    this.kind = kind;
    this.interest = interest;
  }

  boolean isAvailable() {
    SharedIndexInformer<GenericKubernetesResource> informer = objects;
    return informer != null && informer.hasSynced();
  }

  Stream<GenericKubernetesResource> in(String namespace) {
    SharedIndexInformer<GenericKubernetesResource> informer = objects;
    return informer == null
        ? Stream.empty()
        : informer.getIndexer().byIndex("namespace", namespace).stream();
  }

  /** Watches its objects, and returns when all that there are have been seen. */
  void startNow() {
    CompletionStage<Void> seen = start().start();
    try {
      seen.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("objects of kind {} can't be read yet: {}", kind.kind(), e.toString());
      seen.thenRun(interest.arrived());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Watches for its definition, once; does nothing when its objects are watched. */
  void await() {
    starting.lock();
    try {
      if (objects == null && arrival == null) {
        LOG.info("waiting for kind {} ({})", kind.kind(), kind.apiVersion());
        SharedIndexInformer<CustomResourceDefinition> informer =
            client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(kind.definition())
                .runnableInformer(0);
        informer.exceptionHandler((started, failure) -> true);
        informer.addEventHandler(new Arrival());
        arrival = informer;
        informer.start();
      }
    } finally {
      starting.unlock();
    }
  }

  private SharedIndexInformer<GenericKubernetesResource> start() {
    SharedIndexInformer<GenericKubernetesResource> informer =
        client
            .genericKubernetesResources(kind.context())
            .inAnyNamespace()
            .withLabel(interest.label())
            .runnableInformer(0);
    informer.exceptionHandler((started, failure) -> {
      LOG.warn("watching {} failed and is tried again: {}", kind.kind(), failure.getMessage());
      return true;
    });
    informer.addEventHandler(new Change());
    objects = informer;
    return informer;
  }

  /** Its definition is there: nobody has to wait for it any longer. */
  private void arrived() {
    starting.lock();
    try {
      if (objects == null) {
        LOG.info("kind {} ({}) is there", kind.kind(), kind.apiVersion());
        start().start().thenRun(interest.arrived());
        if (arrival != null) {
          arrival.stop();
          arrival = null;
        }
      }
    } finally {
      starting.unlock();
    }
  }

  private final class Arrival implements ResourceEventHandler<CustomResourceDefinition> {
    @Override
    public void onAdd(CustomResourceDefinition definition) {
      look(definition);
    }

    @Override
    public void onUpdate(CustomResourceDefinition before, CustomResourceDefinition definition) {
      look(definition);
    }

    @Override
    public void onDelete(CustomResourceDefinition definition, boolean unknown) {
      // It was never used.
    }

    private void look(CustomResourceDefinition definition) {
      boolean established =
          definition.getStatus() != null
              // There is a status before there are conditions in it.
              && definition.getStatus().getConditions() != null
              && definition.getStatus().getConditions().stream()
                  .anyMatch(
                      one -> "Established".equals(one.getType()) && "True".equals(one.getStatus()));
      if (established) {
        arrived();
      }
    }
  }

  private final class Change implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {
      interest.changed().accept(object);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
      interest.changed().accept(object);
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      interest.changed().accept(object);
    }
  }
}
