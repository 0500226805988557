package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.unit.UnitDecision.Awaited;
import io.upm.runtime.validation.ActionRules;
import io.upm.spi.Problem;
import io.upm.spi.action.BackupDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a Backup that {@code restoreFrom} names makes of it. Pure. */
final class NamedBackup {
  private static final String MEND = "name another Backup in spec.restoreFrom of the UnitSet";

  private final RestoreFromSpec from;
  private final Engine engine;

  private NamedBackup(RestoreFromSpec from, Engine engine) {
    this.from = from;
    this.engine = engine;
  }

  /** The call for a Unit, or why there can be none. */
  sealed interface Verdict {
    record Known(GrpcCallSpec call) implements Verdict {}

    record Lacking(Awaited awaited) implements Verdict {}
  }

  static Verdict judge(RestoreFromSpec from, Optional<Backup> backup, Engine engine, String unit) {
    var named = new NamedBackup(from, engine);
    return backup
        .map(found -> named.judge(found, unit))
        .orElseGet(() ->
            lacking(
                "Backup %s, which isn't there".formatted(from.backup()), "make it, or " + MEND));
  }

  private Verdict judge(Backup backup, String unit) {
    BackupSpec spec = backup.getSpec();
    String type = engine.descriptor().engine();
    if (!spec.type().equals(type)) {
      return never("is of \"%s\", and this Unit is \"%s\"".formatted(spec.type(), type));
    }
    BackupStatus status = backup.getStatus();
    if (spec.discarded()
        || backup.getMetadata().getDeletionTimestamp() != null
        || (status != null && status.phase() == Phase.DISCARDING)) {
      return never("is being removed");
    }
    if (status == null || !status.over()) {
      String message = status == null || status.message() == null ? "" : ": " + status.message();
      return lacking("the end of Backup %s%s".formatted(from.backup(), message), "");
    }
    if (status.phase() != Phase.SUCCEEDED || status.location() == null) {
      return never("did not succeed: " + status.message());
    }
    String base = status.values().get(BackupDescriptor.BASE);
    if (base != null) {
      return never(
          "can't be restored by itself, as it goes on from that at %s: name that one"
              .formatted(base));
    }
    GrpcCallSpec call = call(spec, status.location(), unit);
    List<Problem> problems = ActionRules.check(engine, call);
    return problems.isEmpty()
        ? new Verdict.Known(call)
        : never(
            "and spec.restoreFrom give no call: "
                + problems.stream().map(Problem::sentence).collect(Collectors.joining("; ")));
  }

  /** What the action takes of what the backup was made with, and over that what is given. */
  private GrpcCallSpec call(BackupSpec spec, String location, String unit) {
    Map<String, Set<String>> restorers = engine.restorers();
    String action = from.actionName(restorers.keySet());
    Set<String> taken = restorers.getOrDefault(action, Set.of());
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    JsonNode made = spec.parameters();
    if (made != null) {
      made.properties().stream()
          .filter(one -> taken.contains(one.getKey()))
          .forEach(one -> parameters.set(one.getKey(), one.getValue()));
    }
    from.parameterTree().properties().forEach(one -> parameters.set(one.getKey(), one.getValue()));
    parameters.put(BackupDescriptor.SOURCE, location);
    return from.call(unit, spec, action, parameters);
  }

  private Verdict never(String why) {
    return lacking("data: Backup %s %s".formatted(from.backup(), why), MEND);
  }

  private static Verdict lacking(String predicate, String unblock) {
    return new Verdict.Lacking(new Awaited(predicate, unblock));
  }
}
