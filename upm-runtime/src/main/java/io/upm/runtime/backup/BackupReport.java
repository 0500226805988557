package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.UnitStatus.WaitingFor;
import io.upm.runtime.backup.BackupDecision.Lacking;
import io.upm.runtime.backup.BackupView.Candidate;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.spi.action.BackupDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The status of a backup. Pure. */
final class BackupReport {
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";
  static final String VERIFIED = "Verified";

  /** Values with a field of their own. */
  private static final Set<String> FIELDS =
      Set.of(BackupDescriptor.LOCATION, BackupDescriptor.BYTES, BackupDescriptor.STORED_BYTES);

  private final BackupView view;
  private final BackupDecision decision;
  private final @Nullable BackupStatus last;

  private BackupReport(BackupView view, BackupDecision decision) {
    this.view = view;
    this.decision = decision;
    this.last = view.status();
  }

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(COMPLETE, FAILED, VERIFIED);
  }

  static BackupStatus status(BackupView view, BackupDecision decision) {
    var report = new BackupReport(view, decision);
    BackupStatus last = report.last;
    return last != null && last.over() ? report.after(last) : report.making();
  }

  /** What is known of a backup that is there doesn't change; only what is done with it does. */
  private BackupStatus after(BackupStatus known) {
    return new BackupStatus(
        view.backup().getMetadata().getGeneration(),
        decision.phase(),
        decision.message(),
        known.unit(),
        known.call(),
        known.plugin(),
        known.engineVersion(),
        known.startTime(),
        known.completionTime(),
        known.location(),
        known.bytes(),
        known.storedBytes(),
        known.values(),
        known.progress(),
        waiting(),
        known.trial(),
        known.conditions());
  }

  private BackupStatus making() {
    Optional<GrpcCall> call = view.maker();
    Optional<GrpcCallStatus> said = call.map(GrpcCall::getStatus);
    Map<String, String> values =
        decision.phase() == Phase.SUCCEEDED
            ? said.map(GrpcCallStatus::values).orElse(Map.of())
            : Map.of();
    return new BackupStatus(
        view.backup().getMetadata().getGeneration(),
        decision.phase(),
        decision.message(),
        call.map(one -> one.getSpec().targetUnit())
            .or(() -> decision.unit().map(Candidate::name))
            .orElse(last == null ? null : last.unit()),
        call.map(one -> one.getMetadata().getName())
            .or(() -> decision.unit().map(unit -> BackupCalls.makerName(view.backup())))
            .orElse(last == null ? null : last.call()),
        said.map(GrpcCallStatus::plugin).orElse(last == null ? null : last.plugin()),
        engineVersion(),
        said.map(GrpcCallStatus::startTime).orElse(last == null ? null : last.startTime()),
        completion(said),
        values.get(BackupDescriptor.LOCATION),
        number(values.get(BackupDescriptor.BYTES)),
        number(values.get(BackupDescriptor.STORED_BYTES)),
        others(values),
        said.map(GrpcCallStatus::progress).orElse(last == null ? null : last.progress()),
        waiting(),
        null,
        conditions());
  }

  /** That of the Unit as it is when the backup is made. */
  private @Nullable String engineVersion() {
    return decision
        .unit()
        .map(Candidate::version)
        .or(() -> Optional.ofNullable(last).map(BackupStatus::engineVersion))
        .or(() ->
            view.maker()
                .map(call -> call.getSpec().targetUnit())
                .flatMap(target ->
                    view.units().stream().filter(unit -> unit.name().equals(target)).findFirst())
                .map(Candidate::version))
        .orElse(null);
  }

  private @Nullable String completion(Optional<GrpcCallStatus> said) {
    return decision.phase().isOver()
        ? said.map(GrpcCallStatus::completionTime).orElseGet(() -> Conditions.time(view.now()))
        : null;
  }

  private static Map<String, String> others(Map<String, String> values) {
    var others = new TreeMap<>(values);
    others.keySet().removeAll(FIELDS);
    return others;
  }

  private static @Nullable Long number(@Nullable String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
  }

  private @Nullable WaitingFor waiting() {
    return decision.lacking().map(this::waiting).orElse(null);
  }

  private WaitingFor waiting(Lacking lacking) {
    WaitingFor before = last == null ? null : last.waitingFor();
    return new WaitingFor(
        lacking.predicate(),
        before != null && before.predicate().equals(lacking.predicate())
            ? before.since()
            : Conditions.time(view.now()),
        lacking.unblock());
  }

  /** None before the end, as with a Job: nobody waits for what isn't so. */
  private List<Condition> conditions() {
    if (!decision.phase().isOver()) {
      return List.of();
    }
    Wanted end =
        decision.phase() == Phase.FAILED
            ? Wanted.is(FAILED, "Failed", decision.message())
            : Wanted.is(COMPLETE, "Succeeded", decision.message());
    return Conditions.merge(
        last == null ? null : last.conditions(),
        List.of(end),
        view.backup().getMetadata().getGeneration(),
        view.now());
  }
}
