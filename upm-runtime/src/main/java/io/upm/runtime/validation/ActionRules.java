package io.upm.runtime.validation;

import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.engine.Engine;
import io.upm.spi.Problem;
import java.util.List;

/** What may be asked of an engine's actions. */
public final class ActionRules {
  private ActionRules() {}

  /** Everything that is wrong for that engine. */
  public static List<Problem> check(Engine engine, GrpcCallSpec spec) {
    var parameters = spec.parameters();
    if (parameters != null && !parameters.isNull() && !parameters.isObject()) {
      return List.of(
          new Problem("spec.parameters", parameters.toString(), "names and their values"));
    }
    return engine.checkAction(spec.action(), spec.parameterTree());
  }
}
