package io.upm.runtime.validation;

import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.engine.Engine;
import io.upm.spi.Problem;
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
    Set<String> restorers = engine.restorers();
    if (!restorers.contains(from.actionName())) {
      return List.of(
          new Problem(
              FIELD + ".action",
              from.actionName(),
              restorers.isEmpty()
                  ? "%s has no action that restores".formatted(engine.descriptor().engine())
                  : "one that restores: " + String.join(", ", restorers)));
    }
    return ActionRules.check(engine, from.call("", engine.descriptor().engine())).stream()
        .map(problem ->
            new Problem(
                problem.field().replaceFirst("^spec", FIELD), problem.value(), problem.allowed()))
        .toList();
  }
}
