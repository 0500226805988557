package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.RuntimeMetrics;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.LeanStore;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.ServedKinds;
import io.upm.runtime.kube.StatusWriter;
import io.upm.runtime.pki.CertificateAuthority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings one Unit to what its spec says. */
@ControllerConfiguration(
    name = "unit",
    fieldManager = DecideUnit.FIELD_MANAGER,
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
public final class UnitReconciler implements Reconciler<Unit> {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final UnitObserver observer;
  private final Places places;
  private final UnitActor actor;
  private final Agents agents;
  private final StatusWriter<UnitStatus, Unit> statuses;
  private final RuntimeMetrics metrics;
  private final EngineRegistry engines;
  private final LeavingNamespaces leaving;
  private volatile @Nullable IndexerResourceCache<Unit> units;
  private volatile boolean stopping;
  private volatile boolean followsCalls;
  private final Nudges<Unit> nudges = new Nudges<>("unit-nudges");

  /**
   * What the reconciler works with.
   *
   * @param agentImage where agents come from
   */
  public record Parts(
      KubernetesClient client,
      EngineRegistry engines,
      Agents agents,
      CertificateAuthority authority,
      Events events,
      RuntimeMetrics metrics,
      AgentImage agentImage,
      InstantSource clock) {}

  public UnitReconciler(Parts parts) {
    this.places = new Places(parts.client());
    this.client = parts.client();
    this.observer = new UnitObserver(parts, places, () -> followsCalls);
    this.actor =
        new UnitActor(
            parts.client(),
            parts.agents(),
            parts.authority(),
            new AgentTurns(key -> nudges.nudge(key.namespace(), key.name())));
    this.agents = parts.agents();
    this.statuses =
        new StatusWriter<>(
            parts.events(),
            parts.clock(),
            Unit::new,
            UnitStatus::conditions,
            UnitConditions.told());
    this.metrics = parts.metrics();
    this.engines = parts.engines();
    this.leaving = new LeavingNamespaces(parts.client());
  }

  /** A Unit as this process knows it. */
  public Optional<Unit> find(UnitKey unit) {
    IndexerResourceCache<Unit> cache = units;
    return cache == null
        ? Optional.empty()
        : cache.get(new ResourceID(unit.name(), unit.namespace()));
  }

  /** Those of a namespace. */
  public Stream<Unit> in(String namespace) {
    IndexerResourceCache<Unit> cache = units;
    return cache == null
        ? Stream.empty()
        : cache.list(namespace).filter(unit -> unit.getSpec() != null);
  }

  /** The engine that serves a Unit. */
  public Optional<Engine> engine(Unit unit) {
    return EngineContainer.of(unit)
        .flatMap(container ->
            engines.find(container.type(), UnitLabels.pluginVersion(unit), UnitLabels.ref(unit)));
  }

  /** How many Units there are in each phase. */
  public Map<String, Long> phases() {
    IndexerResourceCache<Unit> cache = units;
    return cache == null
        ? Map.of()
        : cache.list().collect(Collectors.groupingBy(UnitReconciler::phase, Collectors.counting()));
  }

  @Override
  public List<EventSource<?, Unit>> prepareEventSources(EventSourceContext<Unit> context) {
    units = context.getPrimaryCache();
    var nodes = new Nodes(context);
    var storage = new StorageClasses(context);
    places.watch(nodes, storage);
    agents.onChange(key -> nudges.nudge(key.namespace(), key.name()));
    engines.onChange(type ->
        context
            .getPrimaryCache()
            .list(unit -> EngineContainer.of(unit).filter(is -> is.type().equals(type)).isPresent())
            .forEach(nudges::nudge));
    var sources =
        new ArrayList<EventSource<?, Unit>>(
            List.of(
                new UnitPods(children(Pod.class, context), context, leaving),
                new InformerEventSource<>(children(ConfigMap.class, context), context),
                new InformerEventSource<>(children(PersistentVolumeClaim.class, context), context),
                NamedConfigs.source(context),
                nodes.source(),
                storage.source(),
                nudges.source()));
    followsCalls = ServedKinds.has(client, Names.CALL_VERSION, "grpccalls");
    if (followsCalls) {
      sources.add(new InformerEventSource<>(restores(), context));
    }
    return sources;
  }

  /** Only those that fill a Unit's data volume. */
  private static InformerEventSourceConfiguration<GrpcCall> restores() {
    return InformerEventSourceConfiguration.from(GrpcCall.class, Unit.class)
        .withLabelSelector(Names.LABEL_RESTORES)
        .withSecondaryToPrimaryMapper(call ->
            Set.of(
                new ResourceID(
                    call.getMetadata().getLabels().get(Names.LABEL_RESTORES),
                    call.getMetadata().getNamespace())))
        .build();
  }

  @Override
  public UpdateControl<Unit> reconcile(Unit unit, Context<Unit> context) {
    return metrics.reconciliation("Unit", () -> Guard.contain(unit, () -> look(unit, context)));
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    stopping = true;
  }

  @Override
  public ErrorStatusUpdateControl<Unit> updateErrorStatus(
      Unit unit, Context<Unit> context, Exception failure) {
    return Gone.orRetry(unit, failure);
  }

  private UpdateControl<Unit> look(Unit unit, Context<Unit> context) {
    if (context.isPrimaryResourceDeleted()) {
      actor.forget(unit);
      nudges.afterDeletion(unit, context);
      return UpdateControl.noUpdate();
    }
    if (unit.getMetadata().getDeletionTimestamp() != null || unit.getSpec() == null) {
      // Its children go by their owner references.
      return UpdateControl.noUpdate();
    }
    UnitView view = observer.observe(unit, context);
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    UnitDecision decision = DecideUnit.decide(view);
    List<String> failures = actor.act(view, decision);
    UnitDecision done =
        (failures.isEmpty() ? decision : decision.withoutDeletion())
            .withAgentRefused(actor.changeAgent(unit, decision));
    UnitStatus status = UnitReport.status(view, done, failures);
    return statuses.write(unit, status, failures.isEmpty() ? done.recheck() : Optional.of(RETRY));
  }

  private static String phase(Unit unit) {
    return unit.getStatus() == null || unit.getStatus().phase() == null
        ? UnitStatus.Phase.PENDING.name()
        : unit.getStatus().phase().name();
  }

  private static <T extends HasMetadata> InformerEventSourceConfiguration<T> children(
      Class<T> type, EventSourceContext<Unit> context) {
    return InformerEventSourceConfiguration.from(type, Unit.class)
        .withLabelSelector(Names.LABEL_UNIT)
        .withItemStore(
            LeanStore.of(context.getControllerConfiguration().getInformerConfig().getNamespaces()))
        .withSecondaryToPrimaryMapper(UnitReconciler::unitOf)
        .build();
  }

  private static Set<ResourceID> unitOf(HasMetadata child) {
    return Set.of(
        new ResourceID(
            child.getMetadata().getLabels().get(Names.LABEL_UNIT),
            child.getMetadata().getNamespace()));
  }
}
