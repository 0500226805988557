package io.upm.runtime.backup;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.backup.BackupView.Candidate;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.kube.StatusWriter;
import io.upm.runtime.topology.TopologyObjects;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.EngineContainer;
import io.upm.runtime.unit.UnitLabels;
import io.upm.runtime.unit.UnitReconciler;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has backups made by calls, keeps what became of them, and has them removed when that is wanted.
 */
@ControllerConfiguration(
    name = "backup",
    fieldManager = BackupReconciler.FIELD_MANAGER,
    generationAwareEventProcessing = false)
public final class BackupReconciler implements Reconciler<Backup> {
  static final String FIELD_MANAGER = "upm-backup";

  private static final Logger LOG = LoggerFactory.getLogger(BackupReconciler.class);

  private final Parts parts;
  private final Applier applier;
  private final StatusWriter<BackupStatus, Backup> statuses;
  private final Trials trials;
  private volatile @Nullable IndexerResourceCache<Backup> backups;
  private volatile boolean stopping;

  /**
   * What the reconciler works with.
   *
   * @param units who knows Units
   * @param topologies who knows which of them take writes
   */
  public record Parts(
      KubernetesClient client,
      EngineRegistry engines,
      UnitReconciler units,
      TopologyObjects topologies,
      Events events,
      RuntimeMetrics metrics,
      InstantSource clock) {}

  public BackupReconciler(Parts parts) {
    this.parts = parts;
    this.applier = new Applier(parts.client(), FIELD_MANAGER);
    this.statuses =
        new StatusWriter<>(
                parts.events(),
                parts.clock(),
                Backup::new,
                BackupStatus::conditions,
                BackupReport.told(),
                BackupStatus::over)
            .exact();
    this.trials = new Trials(parts, applier, this::in);
  }

  private Stream<Backup> in(String namespace) {
    IndexerResourceCache<Backup> cache = backups;
    return cache == null ? Stream.empty() : cache.list(namespace);
  }

  @Override
  public List<EventSource<?, Backup>> prepareEventSources(EventSourceContext<Backup> context) {
    backups = context.getPrimaryCache();
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(GrpcCall.class, Backup.class)
                .withLabelSelector(Names.LABEL_BACKUP)
                .withSecondaryToPrimaryMapper(call ->
                    Set.of(
                        new ResourceID(
                            call.getMetadata().getLabels().get(Names.LABEL_BACKUP),
                            call.getMetadata().getNamespace())))
                .build(),
            context));
  }

  @Override
  public UpdateControl<Backup> reconcile(Backup backup, Context<Backup> context) {
    return parts
        .metrics()
        .reconciliation("Backup", () -> Guard.contain(backup, () -> look(backup, context)));
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    stopping = true;
  }

  @Override
  public ErrorStatusUpdateControl<Backup> updateErrorStatus(
      Backup backup, Context<Backup> context, Exception failure) {
    return Gone.orRetry(backup, failure);
  }

  private UpdateControl<Backup> look(Backup backup, Context<Backup> context) {
    if (backup.getMetadata().getDeletionTimestamp() != null || backup.getSpec() == null) {
      return UpdateControl.noUpdate();
    }
    if (DecideTrial.concerns(backup)) {
      return tryOut(backup);
    }
    BackupView view = observe(backup, context);
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    BackupDecision decision = DecideBackup.decide(view);
    act(view, decision);
    return decision.step() == BackupDecision.Step.DELETE
        ? UpdateControl.noUpdate()
        : told(backup, BackupReport.status(view, decision), decision.recheck());
  }

  /** Nobody tells of a status that was written, so one that is to be tried is looked at again. */
  private UpdateControl<Backup> told(
      Backup backup, BackupStatus status, Optional<Duration> recheck) {
    boolean tried =
        DecideTrial.wanted(backup.getSpec()) && status.phase() == BackupStatus.Phase.SUCCEEDED;
    return statuses.write(
        backup, status, tried && status.trial() == null ? Optional.of(DecideTrial.NEXT) : recheck);
  }

  /** What was begun for a trial ends before anything else is done with the backup. */
  private UpdateControl<Backup> tryOut(Backup backup) {
    TrialView view = trials.observe(backup);
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    TrialDecision decision = trials.act(view, DecideTrial.decide(view));
    return statuses.write(
        backup,
        TrialReport.status(backup, decision.status(), view.now()),
        decision.recheck().or(() -> afterwards(backup)));
  }

  /** A backup that waited for the end of its trial to be removed. */
  private static Optional<Duration> afterwards(Backup backup) {
    return backup.getSpec().discarded() ? Optional.of(DecideTrial.NEXT) : Optional.empty();
  }

  private BackupView observe(Backup backup, Context<Backup> context) {
    BackupSpec spec = backup.getSpec();
    BackupStatus status = backup.getStatus();
    boolean over = status != null && status.over();
    if (over && !spec.discarded()) {
      return settled(backup);
    }
    Optional<Engine> engine = parts.engines().find(spec.type());
    return new BackupView(
        backup,
        over ? List.of() : problems(backup, engine),
        engine.isPresent(),
        engine.map(Engine::backups).map(removals -> removals.get(spec.action())),
        candidates(backup),
        over ? Optional.empty() : call(backup, BackupCalls.makerName(backup), context),
        over ? call(backup, BackupCalls.removerName(backup), context) : Optional.empty(),
        parts.clock().instant());
  }

  /** Of one that nothing is to be done about, nothing is asked. */
  private BackupView settled(Backup backup) {
    return new BackupView(
        backup,
        List.of(),
        true,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        parts.clock().instant());
  }

  private List<Problem> problems(Backup backup, Optional<Engine> engine) {
    BackupSpec spec = backup.getSpec();
    Optional<String> other =
        units(backup)
            .filter(unit -> isMeant(spec, unit))
            .flatMap(unit -> EngineContainer.of(unit).stream())
            .map(EngineContainer::type)
            .filter(type -> !type.equals(spec.type()))
            .findFirst();
    if (other.isPresent()) {
      return List.of(
          new Problem(
              "spec.type",
              spec.type(),
              "\"%s\", which %s is".formatted(other.get(), spec.subject())));
    }
    return engine.map(is -> BackupRules.checkFor(is, spec)).orElse(List.of());
  }

  private static boolean isMeant(BackupSpec spec, Unit unit) {
    return spec.unitSet() == null
        ? unit.getMetadata().getName().equals(spec.unit())
        : UnitLabels.set(unit).filter(spec.unitSet()::equals).isPresent();
  }

  private Stream<Unit> units(Backup backup) {
    return parts.units().in(backup.getMetadata().getNamespace());
  }

  private List<Candidate> candidates(Backup backup) {
    String type = backup.getSpec().type();
    return units(backup)
        .filter(unit -> !isForTrial(unit))
        .flatMap(unit ->
            EngineContainer.of(unit)
                .filter(container -> container.type().equals(type))
                .map(container -> candidate(unit, container))
                .stream())
        .toList();
  }

  /** One that is about to go. */
  private static boolean isForTrial(Unit unit) {
    Map<String, String> labels = unit.getMetadata().getLabels();
    return labels != null && labels.containsKey(Names.LABEL_TRIAL);
  }

  private Candidate candidate(Unit unit, EngineContainer container) {
    String name = unit.getMetadata().getName();
    String set = UnitLabels.set(unit).orElse("");
    boolean source =
        parts
            .topologies()
            .state(container.type(), unit.getMetadata().getNamespace(), set)
            .map(TopologyState::source)
            .filter(name::equals)
            .isPresent();
    return new Candidate(
        name,
        set,
        UnitLabels.ordinal(unit),
        unit.getStatus() != null
            && unit.getStatus().phase() == UnitStatus.Phase.READY
            && unit.getMetadata().getDeletionTimestamp() == null,
        source,
        container.version());
  }

  /** One that isn't in the cache may have been made a moment ago: the API server knows. */
  private Optional<GrpcCall> call(Backup backup, String name, Context<Backup> context) {
    return context
        .getSecondaryResourcesAsStream(GrpcCall.class)
        .filter(call -> call.getMetadata().getName().equals(name))
        .findFirst()
        .or(() -> mayBeThere(backup) ? find(backup, name) : Optional.empty())
        .filter(call -> Owners.controls(backup, call))
        .filter(call -> call.getMetadata().getDeletionTimestamp() == null);
  }

  private static boolean mayBeThere(Backup backup) {
    return backup.getStatus() != null && backup.getStatus().call() != null;
  }

  private Optional<GrpcCall> find(Backup backup, String name) {
    return Optional.ofNullable(
        parts
            .client()
            .resources(GrpcCall.class)
            .inNamespace(backup.getMetadata().getNamespace())
            .withName(name)
            .get());
  }

  private void act(BackupView view, BackupDecision decision) {
    Backup backup = view.backup();
    switch (decision.step()) {
      case MAKE ->
          decision
              .unit()
              .ifPresent(
                  unit -> applier.create(BackupCalls.maker(backup, unit.name(), view.now())));
      case CANCEL -> view.maker().ifPresent(this::cancel);
      case REMOVE -> decision.unit().ifPresent(unit -> remove(view, unit.name()));
      case REMOVE_AGAIN -> view.remover().ifPresent(call -> parts.client().resource(call).delete());
      case DELETE -> {
        LOG.info("deleting {}: {}", backup.getMetadata().getName(), decision.message());
        parts.client().resource(backup).delete();
      }
      case NONE -> {
        // It goes on, waits, or is over.
      }
    }
  }

  private void cancel(GrpcCall call) {
    parts
        .client()
        .resource(call)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(FIELD_MANAGER)
                .build(),
            "{\"spec\":{\"cancel\":true}}");
  }

  private void remove(BackupView view, String unit) {
    String location = Objects.requireNonNull(view.backup().getStatus()).location();
    applier.create(
        BackupCalls.remover(
            view.backup(), unit, Objects.requireNonNull(location), view.removal().orElseThrow()));
  }
}
