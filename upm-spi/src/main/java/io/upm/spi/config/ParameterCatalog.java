package io.upm.spi.config;

import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parameters of one engine version, by name. */
public final class ParameterCatalog {
  private final SortedMap<String, Parameter> byName;

  private ParameterCatalog(SortedMap<String, Parameter> byName) {
    this.byName = byName;
  }

  /**
   * @throws IllegalArgumentException when two parameters have the same name
   */
  public static ParameterCatalog of(Collection<Parameter> parameters) {
    var byName = new TreeMap<String, Parameter>();
    for (Parameter parameter : parameters) {
      if (byName.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("parameter " + parameter.name() + " is declared twice");
      }
    }
    return new ParameterCatalog(byName);
  }

  public List<Parameter> all() {
    return List.copyOf(byName.values());
  }

  public Optional<Parameter> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Everything that is wrong with a set of values; empty when they can be rendered. */
  public List<Problem> check(Map<String, String> values) {
    var problems = new ArrayList<Problem>();
    for (var entry : new TreeMap<>(values).entrySet()) {
      Parameter parameter = byName.get(entry.getKey());
      if (parameter == null) {
        problems.add(
            new Problem(
                "spec.parameters",
                entry.getKey(),
                "a parameter of this engine version; \"upm explain parameters\" lists them"));
      } else {
        parameter.check(entry.getValue()).ifPresent(problems::add);
      }
    }
    return problems;
  }
}
