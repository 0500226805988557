package io.upm.runtime.call;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.agent.Following.Report;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.GrpcCallStatus.ProgressStatus;
import io.upm.runtime.api.GrpcCallStatus.Result;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a call. Pure. */
final class CallReport {
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";

  private final CallView view;
  private final CallDecision decision;
  private final @Nullable GrpcCallStatus last;

  private CallReport(CallView view, CallDecision decision) {
    this.view = view;
    this.decision = decision;
    this.last = view.status();
  }

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(COMPLETE, FAILED);
  }

  static GrpcCallStatus status(CallView view, CallDecision decision) {
    return new CallReport(view, decision).status();
  }

  private GrpcCallStatus status() {
    if (last != null && last.ended()) {
      return last;
    }
    Optional<Report> report = decision.report();
    Phase phase = decision.phase();
    GrpcCallStatus same = before();
    Long generation = view.call().getMetadata().getGeneration();
    return new GrpcCallStatus(
        generation,
        phase,
        result(phase),
        decision.message(),
        report.map(said -> time(said.beganMillis())).orElse(same == null ? null : same.startTime()),
        phase.isLast() ? completion(report) : null,
        decision.attempt(),
        CallView.operation(view.call(), decision.attempt()),
        report.map(Report::plugin).orElse(same == null ? null : same.plugin()),
        report.flatMap(this::progress).orElse(same == null ? null : same.progress()),
        report.map(Report::values).orElse(Map.of()),
        report.map(Report::log).orElse(last == null ? List.of() : last.log()),
        decision.lacking().map(this::waiting).orElse(null),
        conditions(phase, generation));
  }

  /** What was said before, if that was about the same attempt. */
  private @Nullable GrpcCallStatus before() {
    return last != null && Objects.equals(last.attempt(), decision.attempt()) ? last : null;
  }

  private static @Nullable Result result(Phase phase) {
    return !phase.isLast() ? null : phase == Phase.SUCCEEDED ? Result.SUCCESS : Result.FAILED;
  }

  private String completion(Optional<Report> report) {
    return report
        .filter(said -> said.endedMillis() > 0)
        .map(said -> time(said.endedMillis()))
        .orElseGet(() -> Conditions.time(view.now()));
  }

  private Optional<ProgressStatus> progress(Report said) {
    if (said.done() == 0 && said.total() == 0) {
      return Optional.empty();
    }
    long until = said.endedMillis() > 0 ? said.endedMillis() : view.now().toEpochMilli();
    long millis = Math.max(1, until - said.beganMillis());
    long perSecond = Math.round(said.done() * 1000.0 / millis);
    boolean known = said.total() > 0;
    boolean left = known && perSecond > 0 && said.endedMillis() == 0;
    return Optional.of(
        new ProgressStatus(
            said.done(),
            known ? said.total() : null,
            known ? (int) Math.min(100, said.done() * 100.0 / said.total()) : null,
            perSecond,
            left ? Math.max(0, said.total() - said.done()) / perSecond : null));
  }

  private UnitStatus.WaitingFor waiting(CallView.Lacking lacking) {
    UnitStatus.WaitingFor before = last == null ? null : last.waitingFor();
    String since =
        before != null && before.predicate().equals(lacking.predicate())
            ? before.since()
            : Conditions.time(view.now());
    return new UnitStatus.WaitingFor(
        lacking.predicate(), since, lacking.unblock().isEmpty() ? null : lacking.unblock());
  }

  /** None before the end, as with a Job: nobody waits for what isn't so. */
  private List<Condition> conditions(Phase phase, @Nullable Long generation) {
    if (!phase.isLast()) {
      return List.of();
    }
    Wanted end =
        phase == Phase.SUCCEEDED
            ? Wanted.is(COMPLETE, "Succeeded", decision.message())
            : Wanted.is(
                FAILED, phase == Phase.CANCELLED ? "Cancelled" : "Failed", decision.message());
    return Conditions.merge(
        last == null ? null : last.conditions(), List.of(end), generation, view.now());
  }

  private static String time(long millis) {
    return Conditions.time(Instant.ofEpochMilli(millis));
  }
}
