package io.upm.runtime.unitset;

import io.upm.host.document.InstanceDocument;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.unit.Documents;
import io.upm.runtime.unit.EngineContainer;
import io.upm.runtime.unit.UnitRules;
import io.upm.runtime.unit.UnitSubject;
import io.upm.runtime.validation.SetRules;
import io.upm.runtime.validation.SetSubject;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Judges a UnitSet: the rules first, then whether the engine can be configured. Pure. */
public final class SetValidation {
  private SetValidation() {}

  /** A UnitSet that can be carried out, or what is wrong with it. */
  public sealed interface Verdict {
    /** It can be carried out. */
    record Fine(SetPlan plan) implements Verdict {}

    /** It can't. */
    record Wrong(List<Problem> problems) implements Verdict {}
  }

  public static Verdict judge(
      UnitSet set, SetSubject subject, SortedMap<String, Integer> sharedPorts) {
    List<Problem> problems = SetRules.check(subject);
    Optional<SetSubject.Served> served = subject.served();
    if (!problems.isEmpty() || served.isEmpty()) {
      return new Verdict.Wrong(problems);
    }
    var plan = new SetPlan(set, served.get().engine(), served.get().version(), sharedPorts);
    List<Problem> config = config(plan);
    return config.isEmpty() ? new Verdict.Fine(plan) : new Verdict.Wrong(config);
  }

  /** All units are configured alike, so the first stands for them. */
  private static List<Problem> config(SetPlan plan) {
    Unit unit = UnitObjects.fresh(plan, 0);
    EngineContainer container = EngineContainer.of(unit).orElseThrow();
    InstanceDocument document =
        Documents.of(
            new UnitSubject(
                unit,
                container,
                plan.engine(),
                plan.version(),
                plan.spec().parameters(),
                plan.shared()));
    return UnitRules.config(plan.engine(), document);
  }
}
