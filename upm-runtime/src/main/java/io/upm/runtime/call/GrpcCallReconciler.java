package io.upm.runtime.call;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.upm.runtime.RuntimeMetrics;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.OperationOrder;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.Unit;
import io.upm.runtime.call.CallView.Lacking;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.StatusWriter;
import io.upm.runtime.unit.EngineContainer;
import io.upm.runtime.unit.UnitReconciler;
import io.upm.runtime.validation.ActionRules;
import io.upm.spi.Problem;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has what a call says done by the agent of its Unit, and tells how it goes. */
@ControllerConfiguration(
    name = "grpccall",
    fieldManager = "upm-grpccall",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
public final class GrpcCallReconciler implements Reconciler<GrpcCall> {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcCallReconciler.class);
  private static final String OPEN = "open";
  private static final Comparator<GrpcCall> OLDEST_FIRST =
      Comparator.comparing((GrpcCall call) -> call.getMetadata().getCreationTimestamp())
          .thenComparing(call -> call.getMetadata().getName());

  private final Parts parts;
  private final Followings followings;
  private final StatusWriter<GrpcCallStatus, GrpcCall> statuses;
  private final Nudges<GrpcCall> nudges = new Nudges<>("grpccall-nudges");
  private volatile @Nullable IndexerResourceCache<GrpcCall> calls;
  private volatile boolean stopping;

  /**
   * What the reconciler works with.
   *
   * @param units who knows Units and what serves them
   */
  public record Parts(
      KubernetesClient client,
      Agents agents,
      UnitReconciler units,
      Events events,
      RuntimeMetrics metrics,
      InstantSource clock) {}

  public GrpcCallReconciler(Parts parts) {
    this.parts = parts;
    this.followings = new Followings(parts.agents(), parts.clock());
    this.statuses =
        new StatusWriter<>(
                parts.events(),
                parts.clock(),
                GrpcCall::new,
                GrpcCallStatus::conditions,
                CallReport.told(),
                GrpcCallStatus::ended)
            .exact();
  }

  @Override
  public List<EventSource<?, GrpcCall>> prepareEventSources(EventSourceContext<GrpcCall> context) {
    IndexerResourceCache<GrpcCall> cache = context.getPrimaryCache();
    cache.addIndexer(OPEN, GrpcCallReconciler::openFor);
    calls = cache;
    parts.agents().onChange(unit -> open(unit).forEach(nudges::nudge));
    return List.of(nudges.source());
  }

  @Override
  public UpdateControl<GrpcCall> reconcile(GrpcCall call, Context<GrpcCall> context) {
    return parts
        .metrics()
        .reconciliation("GrpcCall", () -> Guard.contain(call, () -> look(call, context)));
  }

  /** To be called before the informers stop. */
  public void stop() {
    stopping = true;
  }

  @Override
  public ErrorStatusUpdateControl<GrpcCall> updateErrorStatus(
      GrpcCall call, Context<GrpcCall> context, Exception failure) {
    return Gone.orRetry(call, failure);
  }

  private UpdateControl<GrpcCall> look(GrpcCall call, Context<GrpcCall> context) {
    if (context.isPrimaryResourceDeleted()) {
      nudges.afterDeletion(call, context);
    }
    if (context.isPrimaryResourceDeleted()
        || call.getMetadata().getDeletionTimestamp() != null
        || call.getSpec() == null) {
      forget(call);
      return UpdateControl.noUpdate();
    }
    CallView view = observe(call);
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    CallDecision decision = DecideCall.decide(view);
    act(view, decision);
    if (decision.step() == CallDecision.Step.DELETE) {
      return UpdateControl.noUpdate();
    }
    GrpcCallStatus status = CallReport.status(view, decision);
    return decision.attempt() == view.attempt()
        ? statuses.write(call, status, decision.recheck())
        : statuses.writeAtOnce(call, status, decision.recheck());
  }

  private void forget(GrpcCall call) {
    followings.forget(operation(call));
    open(unitOf(call)).forEach(nudges::nudge);
  }

  private CallView observe(GrpcCall call) {
    UnitKey key = unitOf(call);
    Optional<Unit> unit = parts.units().find(key);
    Optional<Engine> engine = unit.flatMap(parts.units()::engine);
    boolean connected = parts.agents().view(key).filter(AgentView::connected).isPresent();
    boolean pending = call.getStatus() == null || !call.getStatus().ended();
    return new CallView(
        call,
        pending ? problems(call.getSpec(), unit, engine) : List.of(),
        pending ? lacking(call, unit, engine, connected) : Optional.empty(),
        connected,
        followings.heard(operation(call)),
        parts.clock().instant());
  }

  private List<Problem> problems(GrpcCallSpec spec, Optional<Unit> unit, Optional<Engine> engine) {
    Optional<String> type = unit.flatMap(EngineContainer::of).map(EngineContainer::type);
    if (type.filter(is -> !is.equals(spec.type())).isPresent()) {
      return List.of(
          new Problem(
              "spec.type",
              spec.type(),
              "\"%s\", which Unit %s is".formatted(type.get(), spec.targetUnit())));
    }
    return engine.map(is -> ActionRules.check(is, spec)).orElse(List.of());
  }

  private Optional<Lacking> lacking(
      GrpcCall call, Optional<Unit> unit, Optional<Engine> engine, boolean connected) {
    GrpcCallSpec spec = call.getSpec();
    if (unit.isEmpty()) {
      return lacks("there is a Unit %s".formatted(spec.targetUnit()), "kubectl get units");
    }
    if (engine.isEmpty()) {
      return lacks("there is a plugin for \"%s\"".formatted(spec.type()), "upm plugin list");
    }
    Optional<GrpcCall> ahead =
        open(unitOf(call)).stream()
            .filter(other -> OLDEST_FIRST.compare(other, call) < 0)
            .findFirst();
    if (ahead.isPresent()) {
      return lacks(
          "GrpcCall %s has ended: one at a time for each Unit"
              .formatted(ahead.get().getMetadata().getName()),
          "");
    }
    if (!connected) {
      return lacks(
          "the agent of Unit %s is heard".formatted(spec.targetUnit()),
          "kubectl get unit %s".formatted(spec.targetUnit()));
    }
    return spec.secretName()
        .filter(name -> secret(call, name).isEmpty())
        .flatMap(name -> lacks("there is a Secret %s".formatted(name), "make it"));
  }

  private static Optional<Lacking> lacks(String predicate, String unblock) {
    return Optional.of(new Lacking(predicate, unblock));
  }

  private Optional<Secret> secret(GrpcCall call, String name) {
    return Optional.ofNullable(
        parts
            .client()
            .secrets()
            .inNamespace(call.getMetadata().getNamespace())
            .withName(name)
            .get());
  }

  private void act(CallView view, CallDecision decision) {
    GrpcCall call = view.call();
    if (view.attempt() > 1) {
      followings.forget(CallView.operation(call, view.attempt() - 1));
    }
    switch (decision.step()) {
      case BEGIN -> follow(view, false);
      case FOLLOW -> follow(view, true);
      case CANCEL -> followings.cancel(view.operation());
      case FORGET -> {
        followings.forget(view.operation());
        open(unitOf(call)).forEach(nudges::nudge);
      }
      case DELETE -> {
        LOG.info("deleting {}: its time is over", call.getMetadata().getName());
        parts.client().resource(call).delete();
      }
      case NONE -> {
        // It goes on, or waits.
      }
    }
  }

  private void follow(CallView view, boolean begun) {
    GrpcCall call = view.call();
    Map<String, ByteString> secrets =
        begun
            ? Map.of()
            : call.getSpec().secretName().flatMap(name -> secret(call, name)).stream()
                .flatMap(secret -> secret.getData().entrySet().stream())
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        one -> ByteString.copyFrom(Base64.getDecoder().decode(one.getValue()))));
    followings.follow(
        unitOf(call),
        new OperationOrder(
            view.operation(),
            call.getSpec().action(),
            call.getSpec().parameterTree().toString(),
            secrets,
            begun),
        () -> nudges.nudge(call));
  }

  /** Those for a Unit that have not ended. */
  private List<GrpcCall> open(UnitKey unit) {
    IndexerResourceCache<GrpcCall> cache = calls;
    return cache == null
        ? List.of()
        : cache.byIndex(OPEN, unit.toString()).stream().sorted(OLDEST_FIRST).toList();
  }

  /** The Unit that a call is for, unless it has ended: agents tell often, and calls may be many. */
  private static List<String> openFor(GrpcCall call) {
    boolean open =
        call.getSpec() != null
            && call.getMetadata().getDeletionTimestamp() == null
            && (call.getStatus() == null || !call.getStatus().ended());
    return open ? List.of(unitOf(call).toString()) : List.of();
  }

  private static String operation(GrpcCall call) {
    return CallView.operation(call, CallView.attempt(call));
  }

  private static UnitKey unitOf(GrpcCall call) {
    return new UnitKey(
        call.getMetadata().getNamespace(),
        call.getSpec() == null ? "" : call.getSpec().targetUnit());
  }
}
