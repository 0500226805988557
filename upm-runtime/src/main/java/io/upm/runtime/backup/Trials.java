package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.DataCheck;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.unit.UnitLabels;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what trials depend on, and does what was decided. Trials are few, so all is read from
 * the API server; each write is idempotent.
 */
final class Trials {
  private static final Logger LOG = LoggerFactory.getLogger(Trials.class);

  /** What another try won't change. */
  private static final Set<Integer> FINAL = Set.of(400, 403, 422);

  private final KubernetesClient client;
  private final EngineRegistry engines;
  private final InstantSource clock;
  private final Applier applier;
  private final TrialTurns turns;

  /**
   * @param backups those of a namespace, as they were seen last
   */
  Trials(BackupReconciler.Parts parts, Applier applier, Function<String, Stream<Backup>> backups) {
    this.client = parts.client();
    this.engines = parts.engines();
    this.clock = parts.clock();
    this.applier = applier;
    this.turns =
        new TrialTurns(
            backup -> backups.apply(backup.getMetadata().getNamespace()),
            namespace -> name -> find(Backup.class, namespace, name));
  }

  TrialView observe(Backup backup) {
    BackupSpec spec = backup.getSpec();
    Optional<Engine> engine = engines.find(spec.type());
    Optional<DataCheck> check = engine.map(Engine::checks).map(all -> all.get(spec.action()));
    TrialStatus trial = Objects.requireNonNull(backup.getStatus()).trial();
    boolean begun = trial != null && trial.begun();
    boolean makes = trial == null || !begun || trial.phase() == TrialStatus.Phase.STARTING;
    Optional<UnitSet> original = makes ? original(backup) : Optional.empty();
    boolean ready = !begun && check.isPresent() && original.isPresent();
    return new TrialView(
        backup,
        engine.isPresent(),
        check,
        original,
        ready && DecideTrial.wanted(spec) ? turns.take(backup) : Optional.empty(),
        begun ? made(backup) : TrialView.Made.NOTHING,
        clock.instant());
  }

  private Optional<UnitSet> original(Backup backup) {
    BackupSpec spec = backup.getSpec();
    String namespace = backup.getMetadata().getNamespace();
    return Optional.ofNullable(spec.unitSet())
        .or(() ->
            Optional.ofNullable(spec.unit())
                .flatMap(unit -> find(Unit.class, namespace, unit))
                .flatMap(UnitLabels::set))
        .flatMap(set -> find(UnitSet.class, namespace, set))
        .filter(set -> set.getSpec() != null);
  }

  private TrialView.Made made(Backup backup) {
    String namespace = backup.getMetadata().getNamespace();
    String set = TrialObjects.setName(backup);
    String unit = TrialObjects.unitName(backup);
    return new TrialView.Made(
        find(UnitSet.class, namespace, set),
        find(Unit.class, namespace, unit),
        labelled(GrpcCall.class, namespace, Names.LABEL_RESTORES, unit),
        find(GrpcCall.class, namespace, TrialObjects.checkerName(backup))
            .filter(call -> Owners.controls(backup, call)),
        labelled(PersistentVolumeClaim.class, namespace, Names.LABEL_SET, set).stream()
            .map(claim -> claim.getMetadata().getName())
            .toList());
  }

  private <T extends HasMetadata> Optional<T> find(Class<T> type, String namespace, String name) {
    return Optional.ofNullable(client.resources(type).inNamespace(namespace).withName(name).get());
  }

  private <T extends HasMetadata> List<T> labelled(
      Class<T> type, String namespace, String label, String value) {
    return client.resources(type).inNamespace(namespace).withLabel(label, value).list().getItems();
  }

  /**
   * Acts.
   *
   * @return what to say of it
   */
  TrialDecision act(TrialView view, TrialDecision decision) {
    Backup backup = view.backup();
    return switch (decision.step()) {
      case NONE -> decision;
      case MAKE_SET ->
          view.original()
              .map(original -> make(view, decision, TrialObjects.set(backup, original.getSpec())))
              .orElseGet(() ->
                  DecideTrial.refused(
                      view, decision.status(), "the UnitSet that it is of was deleted"));
      case MAKE_CHECK ->
          make(
              view,
              decision,
              TrialObjects.checker(
                  backup, decision.status(), view.check().orElseThrow(), view.now()));
      case REMOVE_SET -> {
        view.made().set().ifPresent(this::remove);
        yield decision;
      }
    };
  }

  private TrialDecision make(TrialView view, TrialDecision decision, HasMetadata object) {
    checkSeen(view.backup());
    String what = object.getKind() + " " + object.getMetadata().getName();
    LOG.info("making {} to try Backup {}", what, view.backup().getMetadata().getName());
    try {
      applier.create(object);
      return decision;
    } catch (KubernetesClientException e) {
      if (!FINAL.contains(e.getCode())) {
        throw e;
      }
      String why = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
      return DecideTrial.refused(view, decision.status(), "%s is refused: %s".formatted(what, why));
    }
  }

  /** Nothing is made because the cache is behind. */
  private void checkSeen(Backup backup) {
    TrialStatus seen = Objects.requireNonNull(backup.getStatus()).trial();
    Optional<TrialStatus> now =
        find(Backup.class, backup.getMetadata().getNamespace(), backup.getMetadata().getName())
            .filter(live -> live.getMetadata().getUid().equals(backup.getMetadata().getUid()))
            .map(Backup::getStatus)
            .map(BackupStatus::trial);
    if (!now.equals(Optional.ofNullable(seen))) {
      throw new IllegalStateException(
          "Backup %s has changed: looking again".formatted(backup.getMetadata().getName()));
    }
  }

  private void remove(UnitSet set) {
    LOG.info("removing UnitSet {}: its trial is over", set.getMetadata().getName());
    client.resource(set).delete();
  }
}
