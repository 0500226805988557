package io.upm.runtime.call;

import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.validation.ActionRules;
import io.upm.runtime.validation.EngineRules;
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
      return List.of(EngineRules.typeProblem(spec.type(), types));
    }
    return ActionRules.check(engine.get(), spec);
  }

  /**
   * What can't be changed any more; the schema's own rules look after the other fields, and know
   * nothing of what is in this one.
   */
  public static List<Problem> checkChange(GrpcCallSpec before, GrpcCallSpec after) {
    return sameParameters(before, after, "GrpcCall");
  }

  /**
   * As {@link #checkChange}, of a kind that holds what a call is made of.
   *
   * @param kind of which another object has to be made
   */
  public static List<Problem> sameParameters(GrpcCallSpec before, GrpcCallSpec after, String kind) {
    return before.parameterTree().equals(after.parameterTree())
        ? List.of()
        : List.of(
            new Problem(
                "spec.parameters",
                after.parameterTree().toString(),
                "they can't be changed: make another " + kind));
  }
}
