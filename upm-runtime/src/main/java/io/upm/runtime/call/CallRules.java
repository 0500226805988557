package io.upm.runtime.call;

import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a call. */
public final class CallRules {
  private CallRules() {}

  /** Everything that is wrong, as far as the installed plugins can tell. */
  public static List<Problem> check(GrpcCallSpec spec, EngineRegistry engines) {
    Optional<Engine> engine = engines.find(spec.type());
    if (engine.isEmpty()) {
      List<String> types =
          engines.all().stream().map(one -> one.descriptor().engine()).sorted().toList();
      return List.of(
          new Problem(
              "spec.type",
              spec.type(),
              types.isEmpty()
                  ? "no plugin is installed, so there is no type yet"
                  : "one of " + String.join(", ", types)));
    }
    return checkFor(engine.get(), spec);
  }

  /**
   * What can't be changed any more; the schema's own rules look after the other fields, and know
   * nothing of what is in this one.
   */
  public static List<Problem> checkChange(GrpcCallSpec before, GrpcCallSpec after) {
    return before.parameterTree().equals(after.parameterTree())
        ? List.of()
        : List.of(
            new Problem(
                "spec.parameters",
                after.parameterTree().toString(),
                "they can't be changed: make another GrpcCall"));
  }

  /** Everything that is wrong for that engine. */
  static List<Problem> checkFor(Engine engine, GrpcCallSpec spec) {
    var parameters = spec.parameters();
    if (parameters != null && !parameters.isNull() && !parameters.isObject()) {
      return List.of(
          new Problem("spec.parameters", parameters.toString(), "names and their values"));
    }
    return engine.checkAction(spec.action(), spec.parameterTree());
  }
}
