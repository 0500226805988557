package io.upm.runtime.cli;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.GrpcCall;
import java.util.List;

/** What users made for a UnitSet beside it: objects that name it or one of its units. */
record Attached(
    List<Backup> backups,
    List<BackupSchedule> schedules,
    List<Database> databases,
    List<DatabaseUser> users,
    List<GrpcCall> calls) {
  static final Attached NOTHING =
      new Attached(List.of(), List.of(), List.of(), List.of(), List.of());

  Attached {
    backups = List.copyOf(backups);
    schedules = List.copyOf(schedules);
    databases = List.copyOf(databases);
    users = List.copyOf(users);
    calls = List.copyOf(calls);
  }
}
