package io.upm.runtime.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.StatusWriter;
import io.upm.runtime.provision.ProvisionDecision.Hold;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what the objects of one kind declare into engines, and out of them. */
final class Provisioning<R extends CustomResource<?, ProvisionStatus>> {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  /** Objects by namespace and UnitSet. */
  private static final String OF_SET = "unitset";

  private final ProvisionParts parts;
  private final ProvisionKind<R> kind;
  private final ProvisionObserver observer;
  private final Applier applier;
  private final StatusWriter<ProvisionStatus, R> statuses;
  private final Nudges<R> nudges;
  private volatile @Nullable IndexerResourceCache<R> objects;
  private volatile boolean stopping;

  Provisioning(ProvisionParts parts, ProvisionKind<R> kind) {
    this.parts = parts;
    this.kind = kind;
    this.observer = new ProvisionObserver(parts);
    this.applier = new Applier(parts.client(), kind.fieldManager());
    this.nudges = new Nudges<>(kind.fieldManager() + "-nudges");
    this.statuses =
        new StatusWriter<>(
                parts.events(),
                parts.clock(),
                kind.maker(),
                ProvisionStatus::conditions,
                ProvisionReport.told())
            .exact();
  }

  List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
    IndexerResourceCache<R> cache = context.getPrimaryCache();
    cache.addIndexer(OF_SET, this::setOf);
    objects = cache;
    // Another unit may take the writes now.
    parts.topologies().onChange((namespace, set) -> ofSet(namespace, set).forEach(nudges::nudge));
    parts
        .engines()
        .onChange(type -> cache.list(one -> one.getSpec() != null).forEach(nudges::nudge));
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(GrpcCall.class, kind.type())
                .withLabelSelector(kind.label())
                .withSecondaryToPrimaryMapper(call ->
                    Set.of(
                        new ResourceID(
                            call.getMetadata().getLabels().get(kind.label()),
                            call.getMetadata().getNamespace())))
                .build(),
            context),
        nudges.source());
  }

  UpdateControl<R> reconcile(R object, Context<R> context) {
    return parts
        .metrics()
        .reconciliation(object.getKind(), () -> Guard.contain(object, () -> look(object, context)));
  }

  void stop() {
    stopping = true;
  }

  /**
   * One that is held is looked at until it isn't: in a namespace that is being deleted no call can
   * be made, and soon none is needed, as its UnitSet goes too.
   */
  ErrorStatusUpdateControl<R> failed(R object, Exception failure) {
    return object.getMetadata().getDeletionTimestamp() != null
            && object.hasFinalizer(Names.FINALIZER_DROP)
        ? ErrorStatusUpdateControl.defaultErrorProcessing()
        : Gone.orRetry(object, failure);
  }

  private UpdateControl<R> look(R object, Context<R> context) {
    if (context.isPrimaryResourceDeleted()) {
      nudges.afterDeletion(object, context);
      return UpdateControl.noUpdate();
    }
    if (object.getSpec() == null) {
      return UpdateControl.noUpdate();
    }
    Declared declared = kind.reader().apply(object);
    if (declared.leaving() && !declared.held()) {
      return UpdateControl.noUpdate();
    }
    ProvisionView view =
        observer.observe(
            declared,
            ofSet(object.getMetadata().getNamespace(), declared.spec().unitSet())
                .map(kind.reader())
                .toList(),
            context.getSecondaryResourcesAsStream(GrpcCall.class).toList());
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    ProvisionDecision decision = DecideProvision.decide(view);
    act(view, decision);
    if (declared.leaving() && decision.hold() == Hold.REMOVE) {
      return UpdateControl.noUpdate();
    }
    ProvisionStatus status = ProvisionReport.status(view, decision);
    ProvisionStatus last = object.getStatus();
    // What is begun waits for being noted.
    return Objects.equals(status.call(), last == null ? null : last.call())
        ? statuses.write(object, status, decision.recheck())
        : statuses.writeAtOnce(object, status, decision.recheck());
  }

  private void act(ProvisionView view, ProvisionDecision decision) {
    if (decision.hold() != Hold.AS_IT_IS) {
      hold(view.declared(), decision);
    }
    DecideProvision.over(view, decision).forEach(call -> parts.client().resource(call).delete());
    switch (decision.step()) {
      case MAKE -> decision.order().ifPresent(order -> applier.create(order.call(view)));
      case MAKE_AGAIN ->
          decision
              .order()
              .flatMap(order -> view.call(order.name()))
              .ifPresent(call -> parts.client().resource(call).delete());
      case NONE -> {
        // It goes on, waits, or is as it should be.
      }
    }
  }

  /** Refused by the API server, and tried again, when somebody changed the object meanwhile. */
  private void hold(Declared declared, ProvisionDecision decision) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("resourceVersion", declared.meta().getResourceVersion());
    ArrayNode finalizers = metadata.putArray("finalizers");
    declared.meta().getFinalizers().stream()
        .filter(one -> !one.equals(Names.FINALIZER_DROP))
        .forEach(finalizers::add);
    if (decision.hold() == Hold.ADD) {
      finalizers.add(Names.FINALIZER_DROP);
    } else if (declared.leaving()) {
      LOG.info(
          "{} {} may go: {}", kind.type().getSimpleName(), declared.name(), decision.message());
    }
    parts
        .client()
        .resource(declared.object())
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(kind.fieldManager())
                .build(),
            patch.toString());
  }

  private Stream<R> ofSet(String namespace, String set) {
    IndexerResourceCache<R> cache = objects;
    return cache == null ? Stream.empty() : cache.byIndex(OF_SET, namespace + "/" + set).stream();
  }

  private List<String> setOf(R object) {
    return object.getSpec() == null
        ? List.of()
        : List.of(
            object.getMetadata().getNamespace()
                + "/"
                + kind.reader().apply(object).spec().unitSet());
  }
}
