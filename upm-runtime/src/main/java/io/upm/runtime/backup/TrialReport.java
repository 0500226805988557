package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The status of a backup that is tried. Pure. */
final class TrialReport {
  private TrialReport() {}

  static BackupStatus status(Backup backup, TrialStatus trial, Instant now) {
    BackupStatus known = Objects.requireNonNull(backup.getStatus());
    Boolean passed = trial.passed();
    if (passed == null || !trial.ended()) {
      return known.with(trial, known.conditions());
    }
    var conditions =
        new ArrayList<>(
            known.conditions().stream()
                .filter(one -> !BackupReport.VERIFIED.equals(one.getType()))
                .toList());
    conditions.addAll(
        Conditions.merge(
            known.conditions(),
            List.of(
                Wanted.when(
                    passed,
                    BackupReport.VERIFIED,
                    passed ? "Restored" : "TrialFailed",
                    Objects.requireNonNullElse(trial.message(), ""))),
            backup.getMetadata().getGeneration(),
            now));
    return known.with(trial, conditions);
  }
}
