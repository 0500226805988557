package io.upm.runtime.call;

import io.upm.runtime.agent.Following;
import io.upm.runtime.agent.Following.End;
import io.upm.runtime.agent.Following.Report;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.call.CallDecision.Step;
import io.upm.runtime.call.CallView.Lacking;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides about a call. Pure. The rules:
 *
 * <ol>
 *   <li>An operation has its name from the call and the attempt, and an agent runs no name twice:
 *       it may be begun as often as the runtime does not know whether it was.
 *   <li>Once it is known to have begun it is only followed. If its agent does not know it then, as
 *       on a volume that is gone, the call has failed: nobody knows how far it came.
 *   <li>A failed attempt is followed by another one only if the plugin says that this may help.
 *   <li>What has not begun can be cancelled at once; what runs, when its action allows that.
 * </ol>
 */
final class DecideCall {
  /** Before an agent that has something else to do, or a broken connection, is tried again. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final CallView view;
  private final GrpcCallSpec spec;

  private DecideCall(CallView view) {
    this.view = view;
    this.spec = view.call().getSpec();
  }

  static CallDecision decide(CallView view) {
    return new DecideCall(view).decide();
  }

  private CallDecision decide() {
    GrpcCallStatus status = view.status();
    if (status != null && status.ended()) {
      return ended(status);
    }
    Optional<Following.Heard> heard = view.heard().map(CallView.Word::heard);
    Optional<Report> report = heard.flatMap(Following.Heard::report);
    if (report.filter(said -> said.phase() != Following.Phase.RUNNING).isPresent()) {
      return over(report.get());
    }
    End end = heard.map(Following.Heard::end).orElse(End.NONE);
    boolean begun = report.isPresent() || (status != null && status.phase() == Phase.RUNNING);
    if (begun && end == End.UNKNOWN) {
      return finish(
          Phase.FAILED,
          "the agent does not know operation %s any more: how far it came is not known"
              .formatted(view.operation()),
          report);
    }
    return begun ? running(report, end) : pending(heard, end);
  }

  private CallDecision ended(GrpcCallStatus status) {
    String completed = status.completionTime();
    Optional<Duration> left =
        completed == null
            ? Optional.empty()
            : spec.timeToLive()
                .map(life -> Duration.between(view.now(), Instant.parse(completed).plus(life)));
    boolean over = left.filter(one -> !one.isPositive()).isPresent();
    return new CallDecision(
        over ? Step.DELETE : Step.FORGET,
        java.util.Objects.requireNonNull(status.phase()),
        "",
        view.attempt(),
        Optional.empty(),
        Optional.empty(),
        over ? Optional.empty() : left);
  }

  private CallDecision over(Report report) {
    return switch (report.phase()) {
      case SUCCEEDED -> finish(Phase.SUCCEEDED, report.message(), Optional.of(report));
      case CANCELLED ->
          spec.cancelled()
              ? finish(Phase.CANCELLED, report.message(), Optional.of(report))
              : finish(Phase.FAILED, overdue(), Optional.of(report));
      case FAILED, RUNNING -> failed(report);
    };
  }

  private CallDecision failed(Report report) {
    int attempt = view.attempt();
    boolean again =
        report.retryable() && attempt < spec.attempts() && !spec.cancelled() && !isOverdue();
    if (!again) {
      return finish(Phase.FAILED, report.message(), Optional.of(report));
    }
    return new CallDecision(
        Step.NONE,
        Phase.PENDING,
        "attempt %d of %d failed: %s".formatted(attempt, spec.attempts(), report.message()),
        attempt + 1,
        Optional.empty(),
        Optional.empty(),
        Optional.of(PAUSE));
  }

  private CallDecision running(Optional<Report> report, End end) {
    boolean unwanted = spec.cancelled() || isOverdue();
    boolean followed = view.heard().isPresent() && end == End.NONE;
    Step step =
        !followed && view.connected() && isDue()
            ? Step.FOLLOW
            : followed && unwanted ? Step.CANCEL : Step.NONE;
    Optional<Lacking> lacking =
        view.connected() || followed
            ? Optional.empty()
            : Optional.of(
                new Lacking("the agent of Unit %s is heard".formatted(spec.targetUnit()), ""));
    return new CallDecision(
        step,
        Phase.RUNNING,
        unwanted ? notCancelled() : report.map(Report::message).orElse(""),
        view.attempt(),
        report,
        lacking,
        soonest(step == Step.NONE && !followed ? Optional.of(PAUSE) : Optional.empty()));
  }

  /** What the agent says when its action can't be cancelled. */
  private String notCancelled() {
    return view.heard()
        .map(word -> word.heard().problem())
        .filter(problem -> !problem.isEmpty())
        .orElse("is being cancelled");
  }

  private CallDecision pending(Optional<Following.Heard> heard, End end) {
    if (spec.cancelled()) {
      return finish(Phase.CANCELLED, "cancelled before it began", Optional.empty());
    }
    if (end == End.REFUSED) {
      return finish(Phase.FAILED, heard.orElseThrow().problem(), Optional.empty());
    }
    if (!view.problems().isEmpty()) {
      return finish(
          Phase.FAILED,
          view.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")),
          Optional.empty());
    }
    Optional<Lacking> lacking =
        view.lacking()
            .or(() ->
                heard
                    .map(Following.Heard::problem)
                    .filter(problem -> !problem.isEmpty())
                    .map(problem -> new Lacking("the agent can begin it: " + problem, "")));
    if (isOverdue()) {
      return finish(
          Phase.FAILED,
          overdue()
              + lacking.map(one -> ", and it still waited that " + one.predicate()).orElse(""),
          Optional.empty());
    }
    boolean free = view.heard().isEmpty() || (end != End.NONE && isDue());
    boolean begins = view.lacking().isEmpty() && free;
    return new CallDecision(
        begins ? Step.BEGIN : Step.NONE,
        Phase.PENDING,
        lacking.map(one -> "waits that " + one.predicate()).orElse("is begun"),
        view.attempt(),
        Optional.empty(),
        lacking,
        soonest(begins && end == End.NONE ? Optional.empty() : Optional.of(PAUSE)));
  }

  /** Whether a follower that has ended did so long enough ago for another one. */
  private boolean isDue() {
    return view.heard().map(word -> !view.now().isBefore(word.since().plus(PAUSE))).orElse(true);
  }

  /**
   * The end, to be written; what is known of the operation is let go by the next look, which sees
   * that it was. Otherwise a look in between would follow it anew.
   */
  private CallDecision finish(Phase phase, String message, Optional<Report> report) {
    return new CallDecision(
        Step.NONE,
        phase,
        message,
        view.attempt(),
        report,
        Optional.empty(),
        spec.timeToLive().filter(life -> life.compareTo(PAUSE) < 0).or(() -> Optional.of(PAUSE)));
  }

  private Optional<Instant> deadline() {
    return spec.deadline()
        .map(after -> Instant.parse(view.call().getMetadata().getCreationTimestamp()).plus(after));
  }

  private boolean isOverdue() {
    return deadline().filter(deadline -> !view.now().isBefore(deadline)).isPresent();
  }

  private String overdue() {
    return "its deadline of %d s is over".formatted(spec.deadline().orElseThrow().toSeconds());
  }

  private Optional<Duration> soonest(Optional<Duration> wanted) {
    Optional<Duration> left =
        deadline()
            .map(deadline -> Duration.between(view.now(), deadline))
            .filter(Duration::isPositive);
    if (left.isEmpty()) {
      return wanted;
    }
    return wanted.filter(one -> one.compareTo(left.get()) < 0).or(() -> left);
  }
}
