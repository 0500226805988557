package io.upm.runtime.unitset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.validation.ParameterValues;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which units are restarted for parameters that their engine takes only when it starts. Pure. The
 * rules:
 *
 * <ol>
 *   <li>None is while the update strategy doesn't say so.
 *   <li>None is before the agents of all have had the new configuration checked by the engine and
 *       found that only a restart is missing: where one refuses it, nothing is restarted, and the
 *       unit that takes the writes isn't the first because its agent was.
 *   <li>One value of a parameter restarts a unit at most once, whatever becomes of it. So it is
 *       compared with what the unit's template was made with, and not with what the engine has; a
 *       new version of the plugin changes neither.
 * </ol>
 */
final class ParameterRestart {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ParameterRestart() {}

  /** Names of the units whose turn it is to be rolled out to. */
  static Set<String> due(SetPlan plan, List<Unit> units) {
    boolean decided =
        units.stream()
            .filter(unit -> differs(plan, unit))
            .allMatch(unit -> UnitState.needsRestart(unit) || UnitState.hasConfig(unit));
    return decided
        ? units.stream()
            .filter(unit -> isDue(plan, unit))
            .map(unit -> unit.getMetadata().getName())
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** Whether a unit waits for it, as far as it alone can tell. */
  static boolean isDue(SetPlan plan, Unit unit) {
    return UpdateStrategySpec.orDefault(plan.spec().updateStrategy()).restartsForParameters()
        && UnitState.needsRestart(unit)
        && differs(plan, unit);
  }

  /** What the unit's template was made with, as its annotation has it. */
  static String record(SetPlan plan) {
    return Canonical.tree(texts(plan)).toString();
  }

  private static boolean differs(SetPlan plan, Unit unit) {
    ParameterCatalog catalog = catalog(plan);
    SortedMap<String, String> now = texts(plan);
    SortedMap<String, String> then = recorded(unit);
    var names = new TreeSet<>(now.keySet());
    names.addAll(then.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(now.get(name), then.get(name)))
        .anyMatch(name ->
            catalog.find(name).map(Parameter::impact).filter(Impact.RESTART::equals).isPresent());
  }

  private static SortedMap<String, String> texts(SetPlan plan) {
    return ParameterValues.text(plan.spec().parameters(), catalog(plan));
  }

  private static ParameterCatalog catalog(SetPlan plan) {
    return plan.engine().parameters(plan.version());
  }

  /** Empty also when somebody has written something else there. */
  private static SortedMap<String, String> recorded(Unit unit) {
    var recorded = new TreeMap<String, String>();
    Map<String, String> annotations = unit.getMetadata().getAnnotations();
    String text =
        annotations == null ? "" : annotations.getOrDefault(Names.ANNOTATION_PARAMETERS, "");
    try {
      for (Map.Entry<String, JsonNode> entry : MAPPER.readTree(text).properties()) {
        recorded.put(entry.getKey(), entry.getValue().asText());
      }
    } catch (JsonProcessingException e) {
      recorded.clear();
    }
    return recorded;
  }
}
