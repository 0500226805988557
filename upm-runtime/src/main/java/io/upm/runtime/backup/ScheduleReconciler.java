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
import io.upm.runtime.RuntimeMetrics.BackupAge;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.api.BackupScheduleStatus;
import io.upm.runtime.api.Names;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.StatusWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has backups made when they are due, and removed when they are kept no longer. */
@ControllerConfiguration(
    name = "backupschedule",
    fieldManager = ScheduleReconciler.FIELD_MANAGER,
    generationAwareEventProcessing = false)
public final class ScheduleReconciler implements Reconciler<BackupSchedule> {
  static final String FIELD_MANAGER = "upm-backupschedule";

  private static final Logger LOG = LoggerFactory.getLogger(ScheduleReconciler.class);

  private final Parts parts;
  private final Applier applier;
  private final StatusWriter<BackupScheduleStatus, BackupSchedule> statuses;
  private final Nudges<BackupSchedule> nudges = new Nudges<>("backupschedule-nudges");
  private volatile @Nullable IndexerResourceCache<BackupSchedule> schedules;
  private volatile @Nullable InformerEventSource<Backup, BackupSchedule> scheduled;
  private volatile boolean stopping;

  /** What the reconciler works with. */
  public record Parts(
      KubernetesClient client,
      EngineRegistry engines,
      Events events,
      RuntimeMetrics metrics,
      InstantSource clock) {}

  public ScheduleReconciler(Parts parts) {
    this.parts = parts;
    this.applier = new Applier(parts.client(), FIELD_MANAGER);
    this.statuses =
        new StatusWriter<>(
                parts.events(),
                parts.clock(),
                BackupSchedule::new,
                BackupScheduleStatus::conditions,
                ScheduleReport.told())
            .exact();
  }

  @Override
  public List<EventSource<?, BackupSchedule>> prepareEventSources(
      EventSourceContext<BackupSchedule> context) {
    IndexerResourceCache<BackupSchedule> cache = context.getPrimaryCache();
    schedules = cache;
    // A plugin that comes or goes decides whether a spec is sound.
    parts.engines().onChange(type -> cache.list(one -> isOf(one, type)).forEach(nudges::nudge));
    var backups =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Backup.class, BackupSchedule.class)
                .withLabelSelector(Names.LABEL_BACKUP_SCHEDULE)
                .withSecondaryToPrimaryMapper(backup ->
                    Set.of(
                        new ResourceID(
                            backup.getMetadata().getLabels().get(Names.LABEL_BACKUP_SCHEDULE),
                            backup.getMetadata().getNamespace())))
                .build(),
            context);
    scheduled = backups;
    return List.of(backups, nudges.source());
  }

  @Override
  public UpdateControl<BackupSchedule> reconcile(
      BackupSchedule schedule, Context<BackupSchedule> context) {
    return parts
        .metrics()
        .reconciliation(
            "BackupSchedule", () -> Guard.contain(schedule, () -> look(schedule, context)));
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    stopping = true;
  }

  /** How old the last good backup of each schedule is, and since when there should be another. */
  public List<BackupAge> ages() {
    IndexerResourceCache<BackupSchedule> cache = schedules;
    Instant now = parts.clock().instant();
    return cache == null
        ? List.of()
        : cache
            .list()
            .filter(schedule -> schedule.getSpec() != null)
            .map(schedule -> age(schedule, now))
            .toList();
  }

  @Override
  public ErrorStatusUpdateControl<BackupSchedule> updateErrorStatus(
      BackupSchedule schedule, Context<BackupSchedule> context, Exception failure) {
    return Gone.orRetry(schedule, failure);
  }

  private UpdateControl<BackupSchedule> look(
      BackupSchedule schedule, Context<BackupSchedule> context) {
    if (schedule.getMetadata().getDeletionTimestamp() != null || schedule.getSpec() == null) {
      return UpdateControl.noUpdate();
    }
    ScheduleView view = observe(schedule, context.getSecondaryResourcesAsStream(Backup.class));
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    ScheduleDecision decision = DecideSchedule.decide(view);
    act(schedule, decision);
    return statuses.write(schedule, ScheduleReport.status(view, decision), decision.recheck());
  }

  private ScheduleView observe(BackupSchedule schedule, Stream<Backup> backups) {
    BackupScheduleSpec spec = schedule.getSpec();
    Instant now = parts.clock().instant();
    return new ScheduleView(
        schedule,
        ScheduleRules.check(spec, parts.engines(), now),
        ScheduleRules.times(spec, now),
        backups
            .filter(backup -> backup.getSpec() != null)
            .filter(backup -> backup.getMetadata().getDeletionTimestamp() == null)
            .toList(),
        bases(schedule.getMetadata().getNamespace()),
        now);
  }

  /** Backups of one schedule go on from those of another. */
  private Set<String> bases(String namespace) {
    InformerEventSource<Backup, BackupSchedule> all = scheduled;
    return all == null ? Set.of() : Retention.bases(all.list(namespace, backup -> true));
  }

  private void act(BackupSchedule schedule, ScheduleDecision decision) {
    decision.due().ifPresent(time -> applier.create(ScheduledBackups.backup(schedule, time)));
    for (Backup backup : decision.expired()) {
      LOG.info("{} is kept no longer", backup.getMetadata().getName());
      discard(backup);
    }
    decision.forgotten().forEach(backup -> parts.client().resource(backup).delete());
  }

  private void discard(Backup backup) {
    parts
        .client()
        .resource(backup)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(FIELD_MANAGER)
                .build(),
            "{\"spec\":{\"discard\":true}}");
  }

  private static boolean isOf(BackupSchedule schedule, String type) {
    return schedule.getSpec() != null && schedule.getSpec().backup().type().equals(type);
  }

  private static BackupAge age(BackupSchedule schedule, Instant now) {
    BackupScheduleStatus status = schedule.getStatus();
    Optional<Instant> success =
        Optional.ofNullable(status)
            .map(BackupScheduleStatus::lastSuccessfulTime)
            .map(Instant::parse);
    Instant since =
        success.orElseGet(() -> Instant.parse(schedule.getMetadata().getCreationTimestamp()));
    BackupScheduleSpec spec = schedule.getSpec();
    return new BackupAge(
        schedule.getMetadata().getNamespace(),
        schedule.getMetadata().getName(),
        success,
        spec.suspended()
            ? Optional.empty()
            : ScheduleRules.times(spec, now).flatMap(times -> times.next(since)));
  }
}
