package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
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
import io.upm.runtime.addon.AddOns;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.engine.SetRef;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.LeanStore;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.StatusWriter;
import io.upm.runtime.plugin.UnitSetUse;
import io.upm.runtime.topology.TopologyObjects;
import io.upm.runtime.validation.SecretRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings one UnitSet to what its spec says. */
@ControllerConfiguration(
    name = "unitset",
    fieldManager = SetActor.FIELD_MANAGER,
    generationAwareEventProcessing = false)
public final class UnitSetReconciler implements Reconciler<UnitSet> {
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** A Secret that was missing is nobody's event. */
  private static final Duration SECRET_RETRY = Duration.ofSeconds(5);

  private final SetObserver observer;
  private final SetActor actor;
  private final EngineRegistry engines;
  private final TopologyObjects topologies;
  private final AddOns addOns;
  private final StatusWriter<UnitSetStatus, UnitSet> statuses;
  private final RuntimeMetrics metrics;
  private final InstantSource clock;
  private volatile @Nullable IndexerResourceCache<UnitSet> sets;
  private volatile boolean stopping;
  private final Nudges<UnitSet> nudges = new Nudges<>("unitset-nudges");

  /** What the reconciler works with. */
  public record Parts(
      KubernetesClient client,
      EngineRegistry engines,
      TopologyObjects topologies,
      Events events,
      RuntimeMetrics metrics,
      InstantSource clock) {}

  public UnitSetReconciler(Parts parts) {
    this.addOns = new AddOns(parts.client());
    this.observer =
        new SetObserver(parts.client(), parts.engines(), parts.topologies(), addOns, parts.clock());
    this.actor = new SetActor(parts.client(), parts.topologies(), addOns);
    this.engines = parts.engines();
    this.topologies = parts.topologies();
    this.statuses =
        new StatusWriter<>(
            parts.events(),
            parts.clock(),
            UnitSet::new,
            UnitSetStatus::conditions,
            SetConditions.told());
    this.metrics = parts.metrics();
    this.clock = parts.clock();
  }

  /** How many UnitSets are Ready, and how many are not. */
  public Map<Boolean, Long> readiness() {
    var readiness = new TreeMap<>(Map.of(true, 0L, false, 0L));
    IndexerResourceCache<UnitSet> cache = sets;
    if (cache != null) {
      cache.list().forEach(set -> readiness.merge(isReady(set), 1L, Long::sum));
    }
    return readiness;
  }

  /** What the UnitSets ask of plugins. */
  public List<UnitSetUse> uses() {
    IndexerResourceCache<UnitSet> cache = sets;
    return cache == null
        ? List.of()
        : cache
            .list(set -> set.getSpec() != null)
            .map(set ->
                new UnitSetUse(
                    set.getMetadata().getNamespace(),
                    set.getMetadata().getName(),
                    set.getSpec().type(),
                    set.getSpec().version(),
                    set.getSpec().pluginVersion(),
                    labels(set)))
            .toList();
  }

  /** Labels of a UnitSet; empty for one that isn't there, or names the version of its plugin. */
  public Optional<Map<String, String>> labels(SetRef set) {
    IndexerResourceCache<UnitSet> cache = sets;
    return cache == null
        ? Optional.empty()
        : cache
            .get(new ResourceID(set.name(), set.namespace()))
            .filter(one -> one.getSpec() != null && one.getSpec().pluginVersion().isEmpty())
            .map(UnitSetReconciler::labels);
  }

  private static Map<String, String> labels(UnitSet set) {
    Map<String, String> labels = set.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  private static boolean isReady(UnitSet set) {
    return set.getStatus() != null
        && Conditions.isTrue(set.getStatus().conditions(), SetConditions.READY);
  }

  @Override
  public List<EventSource<?, UnitSet>> prepareEventSources(EventSourceContext<UnitSet> context) {
    sets = context.getPrimaryCache();
    topologies.onChange(nudges::nudge);
    engines.onChange(type ->
        context
            .getPrimaryCache()
            .list(set -> set.getSpec() != null && type.equals(set.getSpec().type()))
            .forEach(nudges::nudge));
    addOns.open(
        new AddOns.Interest(
            Names.LABEL_SET,
            object -> setOf(object).forEach(id -> nudges.nudge(id)),
            () ->
                context
                    .getPrimaryCache()
                    .list(set -> set.getSpec() != null && usesAddOns(set.getSpec()))
                    .forEach(nudges::nudge)));
    return List.of(
        children(Unit.class, context), children(Service.class, context), nudges.source());
  }

  @Override
  public UpdateControl<UnitSet> reconcile(UnitSet set, Context<UnitSet> context) {
    return metrics.reconciliation("UnitSet", () -> Guard.contain(set, () -> look(set, context)));
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    stopping = true;
  }

  @Override
  public ErrorStatusUpdateControl<UnitSet> updateErrorStatus(
      UnitSet set, Context<UnitSet> context, Exception failure) {
    return SetFault.status(set, failure, clock.instant())
        .map(status -> statuses.writeFailure(set, status))
        .orElseGet(() -> Gone.orRetry(set, failure));
  }

  private UpdateControl<UnitSet> look(UnitSet set, Context<UnitSet> context) {
    if (set.getSpec() == null) {
      return UpdateControl.noUpdate();
    }
    SetView view = observer.observe(set, context);
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    SetDecision decision = DecideUnitSet.decide(view);
    if (decision.asksForSuccessor(view)) {
      view = observer.withSuccessor(view);
      decision = DecideUnitSet.decide(view);
    }
    List<String> failures = actor.act(view, decision);
    UnitSetStatus status = SetReport.status(view, decision, failures);
    return statuses.write(set, status, recheck(view, decision, failures));
  }

  private static Optional<Duration> recheck(
      SetView view, SetDecision decision, List<String> failures) {
    if (!decision.problems().isEmpty()) {
      return decision.problems().stream().anyMatch(SecretRules::isAboutSecret)
          ? Optional.of(SECRET_RETRY)
          : Optional.empty();
    }
    return failures.isEmpty() ? SetConditions.nextLook(view) : Optional.of(RETRY);
  }

  private static <T extends HasMetadata> InformerEventSource<T, UnitSet> children(
      Class<T> type, EventSourceContext<UnitSet> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, UnitSet.class)
            .withLabelSelector(Names.LABEL_SET)
            .withItemStore(
                LeanStore.of(
                    context.getControllerConfiguration().getInformerConfig().getNamespaces()))
            .withSecondaryToPrimaryMapper(UnitSetReconciler::setOf)
            .build(),
        context);
  }

  private static boolean usesAddOns(UnitSetSpec spec) {
    return spec.certificateProfile() != null || spec.monitored();
  }

  private static Set<ResourceID> setOf(HasMetadata child) {
    return Set.of(
        new ResourceID(
            child.getMetadata().getLabels().get(Names.LABEL_SET),
            child.getMetadata().getNamespace()));
  }
}
