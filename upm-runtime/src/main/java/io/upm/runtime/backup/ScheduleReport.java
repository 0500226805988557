package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupScheduleStatus;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a schedule. Pure. */
final class ScheduleReport {
  static final String READY = "Ready";
  static final String LAST_SUCCEEDED = "LastBackupSucceeded";

  private ScheduleReport() {}

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(READY, LAST_SUCCEEDED);
  }

  static BackupScheduleStatus status(ScheduleView view, ScheduleDecision decision) {
    BackupScheduleStatus last = view.status();
    Optional<Backup> success = Retention.lastSuccess(view.backups());
    Long generation = view.schedule().getMetadata().getGeneration();
    List<String> active =
        view.backups().stream()
            .filter(DecideSchedule::isActive)
            .map(backup -> backup.getMetadata().getName())
            .sorted()
            .toList();
    return new BackupScheduleStatus(
        generation,
        decision.last().map(Conditions::time).orElse(null),
        success
            .map(backup -> Retention.ended(backup).toString())
            .orElse(last == null ? null : last.lastSuccessfulTime()),
        success
            .map(backup -> backup.getMetadata().getName())
            .orElse(last == null ? null : last.lastSuccessfulBackup()),
        decision.next().map(Conditions::time).orElse(null),
        active,
        view.backups().size(),
        conditions(view, last, generation));
  }

  private static List<Condition> conditions(
      ScheduleView view, @Nullable BackupScheduleStatus last, @Nullable Long generation) {
    var wanted = new ArrayList<>(List.of(ready(view)));
    Retention.lastEnded(view.backups())
        .map(ScheduleReport::lastSucceeded)
        .or(() ->
            Conditions.find(last == null ? null : last.conditions(), LAST_SUCCEEDED)
                .map(one ->
                    new Wanted(one.getType(), one.getStatus(), one.getReason(), one.getMessage())))
        .ifPresent(wanted::add);
    return Conditions.merge(
        last == null ? null : last.conditions(), wanted, generation, view.now());
  }

  private static Wanted ready(ScheduleView view) {
    if (!view.problems().isEmpty()) {
      return Wanted.not(
          READY,
          "Invalid",
          view.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")));
    }
    return view.spec().suspended()
        ? Wanted.is(READY, "Suspended", "spec.suspend is true: no backup is begun")
        : Wanted.is(READY, "Scheduled", "backups are begun when they are due");
  }

  private static Wanted lastSucceeded(Backup backup) {
    BackupStatus status = Objects.requireNonNull(backup.getStatus());
    String name = backup.getMetadata().getName();
    return status.phase() == BackupStatus.Phase.SUCCEEDED
        ? Wanted.is(LAST_SUCCEEDED, "Succeeded", "Backup %s succeeded".formatted(name))
        : Wanted.not(
            LAST_SUCCEEDED, "Failed", "Backup %s failed: %s".formatted(name, status.message()));
  }
}
