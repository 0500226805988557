package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.api.TrialStatus.Phase;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.api.VerifySpec;
import io.upm.runtime.backup.TrialDecision.Step;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Owners;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the trial of a backup. Pure. The rules:
 *
 * <ol>
 *   <li>Nothing is made before it is noted that it may have been: so whatever crashes, all that was
 *       made is known, by names that come from the backup's uid, and is made once.
 *   <li>What comes of it is noted before anything is removed, and it is over when all is gone.
 *   <li>Nobody else's UnitSet is ever removed.
 *   <li>One that isn't wanted any more, as its backup is to go, ends first.
 * </ol>
 */
final class DecideTrial {
  /** UnitSets don't tell of themselves here. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** Until what was written is seen. */
  static final Duration NEXT = Duration.ofSeconds(1);

  private final TrialView view;
  private final Backup backup;

  private DecideTrial(TrialView view) {
    this.view = view;
    this.backup = view.backup();
  }

  /** Whether there is anything to be done about a trial. */
  static boolean concerns(Backup backup) {
    BackupStatus status = backup.getStatus();
    if (status == null || !status.over()) {
      return false;
    }
    TrialStatus trial = status.trial();
    if (trial == null) {
      return wanted(backup.getSpec()) && status.phase() == BackupStatus.Phase.SUCCEEDED;
    }
    return trial.begun() || (!trial.ended() && !backup.getSpec().discarded());
  }

  static boolean wanted(BackupSpec spec) {
    return spec.verify() != null && !spec.discarded();
  }

  static TrialDecision decide(TrialView view) {
    var decide = new DecideTrial(view);
    TrialStatus trial = view.trial();
    return trial == null || !trial.begun() ? decide.begin() : decide.goOn(trial);
  }

  /** What was to be made is refused, and would be again. */
  static TrialDecision refused(TrialView view, TrialStatus trial, String why) {
    return new DecideTrial(view).failed(trial, why);
  }

  private TrialDecision begin() {
    if (!wanted(backup.getSpec())) {
      return over(TrialStatus.pending("it was not begun, as spec.verify was taken away"));
    }
    if (!view.pluginThere()) {
      return pending("waits that there is a plugin for \"%s\"".formatted(backup.getSpec().type()));
    }
    if (view.check().isEmpty()) {
      return never(
          "its plugin has no action that checks data of a %s".formatted(backup.getSpec().action()));
    }
    if (view.original().isEmpty()) {
      return never("the UnitSet that it is of isn't there, after which one would be made");
    }
    if (view.before().isPresent()) {
      return pending(
          "waits for the end of the trial of Backup %s: there is one at a time in a namespace"
              .formatted(view.before().get()));
    }
    String set = TrialObjects.setName(backup);
    return new TrialDecision(
        Step.NONE,
        TrialStatus.starting("UnitSet %s is made".formatted(set), Conditions.time(view.now()), set),
        Optional.of(NEXT));
  }

  private TrialDecision pending(String message) {
    return new TrialDecision(Step.NONE, TrialStatus.pending(message), Optional.of(PAUSE));
  }

  private TrialDecision never(String why) {
    return over(TrialStatus.pending(why).judged(false, Map.of()));
  }

  private TrialDecision over(TrialStatus trial) {
    return new TrialDecision(Step.NONE, trial.over(Conditions.time(view.now())), Optional.empty());
  }

  private TrialDecision goOn(TrialStatus trial) {
    if (trial.phase() == Phase.REMOVING) {
      return remove(trial);
    }
    if (!wanted(backup.getSpec())) {
      return judged(trial, null, Map.of(), "it was ended, as it isn't wanted any more");
    }
    Optional<UnitSet> set = view.made().set();
    if (set.isPresent() && !Owners.controls(backup, set.get())) {
      // Not removed: it isn't ours.
      return over(
          trial
              .now(
                  Phase.FAILED, "UnitSet %s is there already, and isn't its".formatted(name(trial)))
              .judged(false, Map.of()));
    }
    TrialDecision next = trial.phase() == Phase.STARTING ? start(trial, set) : underWay(trial, set);
    return isOverdue(trial) && next.status().passed() == null
        ? failed(trial, "did not end within %d s: %s".formatted(limit(), trial.message()))
        : next;
  }

  private TrialDecision start(TrialStatus trial, Optional<UnitSet> set) {
    return set.isPresent()
        ? step(Step.NONE, trial.now(Phase.RESTORING, "waits for UnitSet " + name(trial)))
        : step(Step.MAKE_SET, trial);
  }

  private TrialDecision underWay(TrialStatus trial, Optional<UnitSet> set) {
    if (set.isEmpty() || set.get().getMetadata().getDeletionTimestamp() != null) {
      return failed(trial, "UnitSet %s was deleted meanwhile".formatted(name(trial)));
    }
    return trial.phase() == Phase.CHECKING ? check(trial) : restore(trial, set.get());
  }

  private TrialDecision restore(TrialStatus trial, UnitSet set) {
    Optional<Condition> invalid =
        Optional.ofNullable(set.getStatus())
            .flatMap(status -> Conditions.find(status.conditions(), "Valid"))
            .filter(valid -> Conditions.FALSE.equals(valid.getStatus()));
    if (invalid.isPresent()) {
      return failed(trial, "no UnitSet can be made for it: " + invalid.get().getMessage());
    }
    Optional<GrpcCallStatus> restored =
        view.made().restores().stream()
            .map(call -> call.getStatus())
            .filter(Objects::nonNull)
            .filter(GrpcCallStatus::ended)
            .findFirst();
    if (restored.filter(call -> call.phase() != GrpcCallStatus.Phase.SUCCEEDED).isPresent()) {
      return failed(trial, "can't be restored: " + restored.get().message());
    }
    Optional<UnitStatus> unit = view.made().unit().map(one -> one.getStatus());
    if (restored.isPresent()
        && unit.filter(is -> is.phase() == UnitStatus.Phase.READY).isPresent()) {
      return step(
          Step.NONE,
          trial
              .restored(seconds(restored.get()))
              .now(Phase.CHECKING, "its data are checked in " + name(trial)));
    }
    String waits =
        unit.map(UnitStatus::waitingFor)
            .map(one -> "waits for " + one.predicate())
            .orElse("waits for UnitSet " + name(trial));
    return again(Step.NONE, trial.now(Phase.RESTORING, waits));
  }

  private TrialDecision check(TrialStatus trial) {
    Optional<GrpcCall> checker = view.made().checker();
    if (checker.isEmpty()) {
      return view.check().isPresent()
          ? step(Step.MAKE_CHECK, trial)
          : again(
              Step.NONE,
              trial.now(
                  Phase.CHECKING,
                  "waits for a plugin of \"%s\" that checks data"
                      .formatted(backup.getSpec().type())));
    }
    GrpcCallStatus status = checker.get().getStatus();
    if (status == null || !status.ended()) {
      String message = status == null || status.message() == null ? "" : status.message();
      return again(
          Step.NONE, trial.now(Phase.CHECKING, message.isEmpty() ? "is checked" : message));
    }
    String message = Objects.requireNonNullElse(status.message(), "");
    return status.phase() == GrpcCallStatus.Phase.SUCCEEDED
        ? judged(trial, true, status.values(), "came back and is sound: " + message)
        : judged(trial, false, status.values(), "came back, but: " + message);
  }

  private TrialDecision failed(TrialStatus trial, String why) {
    return judged(trial, false, Map.of(), why);
  }

  private TrialDecision judged(
      TrialStatus trial, @Nullable Boolean passed, Map<String, String> values, String message) {
    return step(Step.NONE, trial.now(Phase.REMOVING, message).judged(passed, values));
  }

  private TrialDecision remove(TrialStatus trial) {
    Optional<UnitSet> set = view.made().set().filter(one -> Owners.controls(backup, one));
    if (set.isPresent()) {
      return again(
          set.get().getMetadata().getDeletionTimestamp() == null ? Step.REMOVE_SET : Step.NONE,
          trial);
    }
    boolean gone = view.made().unit().isEmpty() && view.made().claims().isEmpty();
    return gone ? over(trial) : again(Step.NONE, trial);
  }

  private static TrialDecision step(Step step, TrialStatus trial) {
    return new TrialDecision(step, trial, Optional.of(NEXT));
  }

  private static TrialDecision again(Step step, TrialStatus trial) {
    return new TrialDecision(step, trial, Optional.of(PAUSE));
  }

  private static String name(TrialStatus trial) {
    return Objects.requireNonNullElse(trial.unitSet(), "");
  }

  private static @Nullable Long seconds(GrpcCallStatus call) {
    return call.startTime() == null || call.completionTime() == null
        ? null
        : Duration.between(Instant.parse(call.startTime()), Instant.parse(call.completionTime()))
            .toSeconds();
  }

  private boolean isOverdue(TrialStatus trial) {
    return left(trial, backup.getSpec(), view.now()) <= 0;
  }

  private long limit() {
    return limit(backup.getSpec()).toSeconds();
  }

  private static Duration limit(BackupSpec spec) {
    return Optional.ofNullable(spec.verify()).map(VerifySpec::limit).orElse(Duration.ZERO);
  }

  /** Seconds that a trial still has. */
  static long left(TrialStatus trial, BackupSpec spec, Instant now) {
    Instant began = trial.startTime() == null ? now : Instant.parse(trial.startTime());
    return Duration.between(now, began.plus(limit(spec))).toSeconds();
  }
}
