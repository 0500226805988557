package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.engine.BackupRemoval;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about a backup depends on.
 *
 * @param problems what is wrong with its spec, as far as that can be told
 * @param pluginThere whether there is a plugin for its engine
 * @param removal how its plugin removes what it stored; empty when it can't
 * @param units those of its engine in its namespace
 * @param maker the call that makes it, if there is one
 * @param remover the call that removes it, if there is one
 */
record BackupView(
    Backup backup,
    List<Problem> problems,
    boolean pluginThere,
    Optional<BackupRemoval> removal,
    List<Candidate> units,
    Optional<GrpcCall> maker,
    Optional<GrpcCall> remover,
    Instant now) {

  /**
   * A Unit that could be taken.
   *
   * @param set its UnitSet; empty for none
   * @param source whether it takes the writes
   */
  record Candidate(
      String name, String set, int ordinal, boolean ready, boolean source, String version) {}

  BackupView {
    problems = List.copyOf(problems);
    units = List.copyOf(units);
  }

  BackupSpec spec() {
    return backup.getSpec();
  }

  @Nullable BackupStatus status() {
    return backup.getStatus();
  }
}
