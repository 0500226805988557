package io.upm.plugin.mysql.action;

import io.upm.plugin.mysql.config.MysqlConfig;
import io.upm.plugin.mysql.config.MysqlParameters;
import io.upm.plugin.mysql.variable.VariableChange;
import io.upm.plugin.mysql.variable.VariableValues;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of the wanted values can be given to a running server, and what is wrong with the others.
 * Only what the catalogue knows is ever changed. Pure.
 */
final class LiveChanges {
  private static final String PATH = "spec.parameters.";

  private final List<VariableChange> changes = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param present the server's variables, names in lower case
   * @param wanted values by name
   */
  LiveChanges(Instance instance, Map<String, String> present, Map<String, String> wanted) {
    ParameterCatalog catalog = MysqlParameters.of(instance.version());
    var dynamic = new TreeMap<String, String>();
    wanted.forEach((name, value) -> {
      Optional<Parameter> parameter = catalog.find(name);
      String before = present.get(name);
      if (parameter.isPresent() && parameter.get().impact() == Impact.DYNAMIC && before != null) {
        dynamic.put(name, value);
        if (!VariableValues.same(parameter.get(), before, value)) {
          changes.add(new VariableChange(parameter.get(), before, value));
        }
      } else if (before == null || !before.equalsIgnoreCase(value)) {
        problems.add(new Problem(field(name), value, allowed(instance, parameter, before)));
      }
    });
    for (Problem one : new MysqlConfig().check(new ConfigInput(instance, dynamic))) {
      problems.add(new Problem(renamed(one.field()), one.value(), one.allowed()));
    }
  }

  static String field(String variable) {
    return PATH + "variables." + variable;
  }

  /** In the order of their names; none that has its value already. */
  List<VariableChange> changes() {
    return List.copyOf(changes);
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  private static String renamed(String field) {
    return field.startsWith(PATH) ? field(field.substring(PATH.length())) : field;
  }

  private static String allowed(
      Instance instance, Optional<Parameter> parameter, @Nullable String before) {
    if (before == null) {
      return "there is no such variable in " + instance.version();
    }
    return parameter.isPresent()
        ? "only \"%s\" until a restart: set it in spec.parameters of the UnitSet".formatted(before)
        : "only \"%s\": it is not among the parameters of the engine's reference page"
            .formatted(before);
  }
}
