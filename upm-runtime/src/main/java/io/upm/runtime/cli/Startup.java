package io.upm.runtime.cli;

import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitStatus;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** How far units have come with being stopped or started. Pure. */
final class Startup {
  private static final String STOPPED = "stopped";

  private Startup() {}

  /**
   * Looks at some units.
   *
   * @param names which
   * @param running whether they are to run
   */
  static Patience.Look<Target> look(Target now, List<String> names, boolean running) {
    List<Unit> units =
        now.units().stream().filter(unit -> names.contains(unit.getMetadata().getName())).toList();
    boolean done = units.stream().allMatch(unit -> isSo(unit, running));
    String told =
        units.stream()
            .map(unit -> unit.getMetadata().getName() + " " + state(unit))
            .collect(Collectors.joining(", "));
    return new Patience.Look<>(now, done, told);
  }

  private static boolean isSo(Unit unit, boolean running) {
    UnitStatus status = unit.getStatus();
    if (status == null
        || !Objects.equals(status.observedGeneration(), unit.getMetadata().getGeneration())) {
      return false;
    }
    return running
        ? status.phase() == UnitStatus.Phase.READY
        : STOPPED.equals(status.processState());
  }

  private static String state(Unit unit) {
    UnitStatus status = unit.getStatus();
    if (status == null) {
      return "new";
    }
    return status.phase() == UnitStatus.Phase.READY ? "ready" : Fields.text(status.processState());
  }
}
