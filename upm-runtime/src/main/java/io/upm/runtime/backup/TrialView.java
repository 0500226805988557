package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.DataCheck;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about the trial of a backup depends on.
 *
 * @param pluginThere whether there is a plugin for its engine
 * @param check how its plugin checks data; empty when it can't
 * @param original the UnitSet that it is of
 * @param before Backup whose trial is under way in the same namespace
 * @param made what is there of what was made for the trial
 */
record TrialView(
    Backup backup,
    boolean pluginThere,
    Optional<DataCheck> check,
    Optional<UnitSet> original,
    Optional<String> before,
    Made made,
    Instant now) {

  /**
   * What was made for a trial.
   *
   * @param set the UnitSet
   * @param unit its only Unit
   * @param restores calls that restore to that
   * @param checker the call that checks the data
   * @param claims names of volume claims
   */
  record Made(
      Optional<UnitSet> set,
      Optional<Unit> unit,
      List<GrpcCall> restores,
      Optional<GrpcCall> checker,
      List<String> claims) {
    static final Made NOTHING =
        new Made(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of());

    Made {
      restores = List.copyOf(restores);
      claims = List.copyOf(claims);
    }
  }

  @Nullable TrialStatus trial() {
    return backup.getStatus() == null ? null : backup.getStatus().trial();
  }
}
