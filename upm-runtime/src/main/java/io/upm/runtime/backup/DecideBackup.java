package io.upm.runtime.backup;

import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.backup.BackupDecision.Lacking;
import io.upm.runtime.backup.BackupDecision.Step;
import io.upm.runtime.backup.BackupView.Candidate;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides about a backup. Pure. The rules:
 *
 * <ol>
 *   <li>One call makes it. The call's name comes from the backup's uid, so it may be made as often
 *       as the runtime does not know whether it was; once it is known to have been there it is
 *       never made again.
 *   <li>What became of it is kept here: the call, the database and its plugin may be gone then.
 *   <li>What is stored is removed only when the user, or the schedule that it was made by, wants
 *       that. The object goes last, so that nothing is stored that nobody knows of.
 * </ol>
 */
final class DecideBackup {
  /** Units tell of themselves to others; a look now and then is enough here. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** A store that refuses now may take the key that somebody corrects. */
  static final Duration REMOVE_AGAIN = Duration.ofMinutes(5);

  private final BackupView view;
  private final BackupSpec spec;

  private DecideBackup(BackupView view) {
    this.view = view;
    this.spec = view.spec();
  }

  static BackupDecision decide(BackupView view) {
    var decide = new DecideBackup(view);
    BackupStatus status = view.status();
    if (status != null && status.over()) {
      return decide.over(status);
    }
    return view.maker().map(decide::follow).orElseGet(decide::begin);
  }

  private BackupDecision begin() {
    BackupStatus status = view.status();
    if (status != null && status.call() != null) {
      return failed(
          "GrpcCall %s was deleted before it was seen to end: what came of it is not known"
              .formatted(status.call()));
    }
    if (spec.discarded()) {
      return BackupDecision.of(Step.DELETE, Phase.FAILED, "it was not begun");
    }
    if (!view.problems().isEmpty()) {
      return failed(
          view.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")));
    }
    Optional<Candidate> unit = PickUnit.toBackUp(spec, view.units());
    if (isOverdue()) {
      return failed("its deadline of %d s is over".formatted(spec.deadlineSeconds()));
    }
    if (!view.pluginThere()) {
      return lacks(Phase.PENDING, noPlugin());
    }
    return unit.map(taken ->
            BackupDecision.of(Step.MAKE, Phase.PENDING, "is begun beside " + taken.name())
                .by(taken))
        .orElseGet(() ->
            lacks(
                Phase.PENDING,
                new Lacking(
                    spec.unitSet() == null
                        ? "%s is ready".formatted(spec.subject())
                        : "a Unit of %s is ready".formatted(spec.subject()),
                    spec.unitSet() == null
                        ? "kubectl get unit " + spec.unit()
                        : "upm status " + spec.unitSet())));
  }

  private BackupDecision follow(GrpcCall call) {
    GrpcCallStatus status = call.getStatus();
    if (status == null || status.phase() == null) {
      return BackupDecision.of(cancelling(call), Phase.PENDING, "is begun");
    }
    String message = Objects.requireNonNullElse(status.message(), "");
    return switch (status.phase()) {
      case PENDING -> BackupDecision.of(cancelling(call), Phase.PENDING, message);
      case RUNNING -> BackupDecision.of(cancelling(call), Phase.RUNNING, message);
      case SUCCEEDED -> BackupDecision.of(Step.NONE, Phase.SUCCEEDED, message);
      case FAILED, CANCELLED -> failed(message);
    };
  }

  private Step cancelling(GrpcCall call) {
    return spec.discarded() && !call.getSpec().cancelled() ? Step.CANCEL : Step.NONE;
  }

  private BackupDecision over(BackupStatus status) {
    Phase phase = Objects.requireNonNull(status.phase());
    if (!spec.discarded()) {
      return BackupDecision.of(Step.NONE, phase, Objects.requireNonNullElse(status.message(), ""));
    }
    if (status.location() == null) {
      return BackupDecision.of(Step.DELETE, phase, "nothing is stored");
    }
    return view.remover().map(this::removing).orElseGet(this::remove);
  }

  private BackupDecision remove() {
    if (view.removal().isEmpty()) {
      return lacks(
          Phase.DISCARDING,
          new Lacking(
              "there is a plugin for \"%s\" that removes what %s made"
                  .formatted(spec.type(), spec.action()),
              "upm plugin list"));
    }
    return PickUnit.toRemove(spec, view.units())
        .map(taken ->
            BackupDecision.of(Step.REMOVE, Phase.DISCARDING, "is removed by " + taken.name())
                .by(taken))
        .orElseGet(() ->
            lacks(
                Phase.DISCARDING,
                new Lacking(
                    "a Unit of %s is ready, to remove what is stored".formatted(spec.type()),
                    "upm get units; or remove it yourself, and delete this object")));
  }

  private BackupDecision removing(GrpcCall call) {
    GrpcCallStatus status = call.getStatus();
    if (status == null || !status.ended()) {
      return BackupDecision.of(
          Step.NONE,
          Phase.DISCARDING,
          status == null ? "is removed" : Objects.requireNonNullElse(status.message(), ""));
    }
    if (status.phase() == GrpcCallStatus.Phase.SUCCEEDED) {
      return BackupDecision.of(Step.DELETE, Phase.DISCARDING, "it is removed");
    }
    Duration left = Duration.between(view.now(), ended(status).plus(REMOVE_AGAIN));
    String message = "what is stored can't be removed, which is tried again: " + status.message();
    return left.isPositive()
        ? BackupDecision.of(Step.NONE, Phase.DISCARDING, message).again(left)
        : BackupDecision.of(Step.REMOVE_AGAIN, Phase.DISCARDING, message).again(PAUSE);
  }

  private Instant ended(GrpcCallStatus status) {
    String time = status.completionTime();
    return time == null ? view.now() : Instant.parse(time);
  }

  private static BackupDecision failed(String message) {
    return BackupDecision.of(Step.NONE, Phase.FAILED, message);
  }

  private static BackupDecision lacks(Phase phase, Lacking what) {
    return BackupDecision.of(Step.NONE, phase, "waits that " + what.predicate())
        .waiting(what, PAUSE);
  }

  private Lacking noPlugin() {
    return new Lacking("there is a plugin for \"%s\"".formatted(spec.type()), "upm plugin list");
  }

  private boolean isOverdue() {
    return left(view.backup().getSpec(), created(), view.now())
        .filter(seconds -> seconds <= 0)
        .isPresent();
  }

  /** Seconds until its deadline; empty without one. */
  static Optional<Long> left(BackupSpec spec, Instant created, Instant now) {
    return spec.deadline()
        .map(deadline -> Duration.between(now, created.plus(deadline)).toSeconds());
  }

  private Instant created() {
    return Instant.parse(view.backup().getMetadata().getCreationTimestamp());
  }
}
