package io.upm.runtime.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.engine.Engine;
import io.upm.spi.Problem;
import io.upm.spi.action.BackupDescriptor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may stand in {@code restoreFrom}. */
public final class RestoreRules {
  private static final String FIELD = "spec.restoreFrom";

  private RestoreRules() {}

  /** Everything that is wrong for that engine. */
  public static List<Problem> check(@Nullable RestoreFromSpec from, Engine engine) {
    if (from == null) {
      return List.of();
    }
    Set<String> restorers = engine.restorers().keySet();
    String action = from.actionName(restorers);
    if (!restorers.contains(action)) {
      return List.of(
          new Problem(
              FIELD + ".action",
              action,
              restorers.isEmpty()
                  ? "%s has no action that restores".formatted(engine.descriptor().engine())
                  : "one that restores: " + String.join(", ", restorers)));
    }
    return from.backup() == null ? parameters(from, engine) : beside(from, engine, action);
  }

  private static List<Problem> parameters(RestoreFromSpec from, Engine engine) {
    return ActionRules.check(engine, from.call("", engine.descriptor().engine())).stream()
        .map(RestoreRules::here)
        .toList();
  }

  /** What is missing the Backup may give, which need not be there yet. */
  private static List<Problem> beside(RestoreFromSpec from, Engine engine, String action) {
    JsonNode given = from.parameterTree();
    if (given.has(BackupDescriptor.SOURCE)) {
      return List.of(
          new Problem(
              FIELD + ".parameters." + BackupDescriptor.SOURCE,
              given.path(BackupDescriptor.SOURCE).asText(),
              "none beside %s.backup, which says where the backup is".formatted(FIELD)));
    }
    String type = engine.descriptor().engine();
    return ActionRules.check(
            engine, new GrpcCallSpec("", type, action, given, null, null, null, null, null))
        .stream()
        .filter(problem -> !problem.value().isEmpty())
        .map(RestoreRules::here)
        .toList();
  }

  private static Problem here(Problem problem) {
    return new Problem(
        problem.field().replaceFirst("^spec", FIELD), problem.value(), problem.allowed());
  }
}
