package io.upm.runtime.backup;

import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.call.CallRules;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.validation.ActionRules;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Set;

/** What can be wrong with a backup. */
public final class BackupRules {
  private BackupRules() {}

  /** Everything that is wrong, as far as the installed plugins can tell. */
  public static List<Problem> check(BackupSpec spec, EngineRegistry engines) {
    List<Problem> problems = CallRules.check(call(spec), engines);
    return problems.isEmpty()
        ? engines.find(spec.type()).map(engine -> checkAction(engine, spec)).orElse(List.of())
        : problems;
  }

  /**
   * What can't be changed any more, beyond what the schema's own rules look after; that it is tried
   * can still be wanted.
   */
  public static List<Problem> checkChange(
      BackupSpec before, BackupSpec after, EngineRegistry engines) {
    List<Problem> problems = CallRules.sameParameters(call(before), call(after), "Backup");
    return problems.isEmpty() && before.verify() == null
        ? engines.find(after.type()).map(engine -> checkVerify(engine, after)).orElse(List.of())
        : problems;
  }

  /** Everything that is wrong for that engine. */
  static List<Problem> checkFor(Engine engine, BackupSpec spec) {
    List<Problem> problems = ActionRules.check(engine, call(spec));
    return problems.isEmpty() ? checkAction(engine, spec) : problems;
  }

  private static List<Problem> checkAction(Engine engine, BackupSpec spec) {
    Set<String> makers = engine.backups().keySet();
    return makers.contains(spec.action())
        ? checkVerify(engine, spec)
        : List.of(
            new Problem(
                "spec.action",
                spec.action(),
                makers.isEmpty()
                    ? "%s has no action that makes backups".formatted(spec.type())
                    : "one that makes backups: "
                        + String.join(", ", makers.stream().sorted().toList())));
  }

  private static List<Problem> checkVerify(Engine engine, BackupSpec spec) {
    if (spec.verify() == null || engine.checks().containsKey(spec.action())) {
      return List.of();
    }
    return List.of(
        new Problem(
            "spec.verify",
            spec.action(),
            engine.checks().isEmpty()
                ? "%s has no action that checks data".formatted(spec.type())
                : "only with actions whose backups can be restored by themselves: "
                    + String.join(", ", engine.checks().keySet().stream().sorted().toList())));
  }

  private static GrpcCallSpec call(BackupSpec spec) {
    return spec.call("", null);
  }
}
