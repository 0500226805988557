package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.EngineVersion;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes a parameter's declaration sound, and the values at its edges. */
final class ParameterRules {
  private ParameterRules() {}

  static void check(Parameter parameter, EngineVersion version) {
    String name = parameter.name();
    Parameter.Range range = parameter.range();
    assertThat(parameter.description()).as("description of %s", name).isNotBlank();
    assertThat(parameter.served().by(version)).as("%s is served by %s", name, version).isTrue();
    if (range.minimum() != null && range.maximum() != null) {
      assertThat(range.minimum()).as("range of %s", name).isLessThanOrEqualTo(range.maximum());
    }
    if (parameter.type() == ParameterType.ENUMERATION || parameter.type() == ParameterType.SET) {
      assertThat(range.values()).as("values of %s", name).isNotEmpty().doesNotHaveDuplicates();
    }
    if (isLiteral(parameter)) {
      assertThat(parameter.check(parameter.defaultValue()))
          .as("what is wrong with the default of %s", name)
          .isEmpty();
    }
  }

  /** Whether the default is a value, not an expression over the instance's limits, or none. */
  private static boolean isLiteral(Parameter parameter) {
    String value = parameter.defaultValue();
    if (value.isEmpty()) {
      return false;
    }
    return switch (parameter.type()) {
      case INTEGER, DECIMAL, SIZE -> value.matches("[-+]?\\d+(\\.\\d+)?[A-Za-z]?");
      case BOOLEAN, ENUMERATION, SET, STRING -> !value.contains("{") && !value.contains("(");
    };
  }

  /** Values at the edges of what is allowed. */
  static Set<String> bounds(Parameter parameter) {
    var values = new LinkedHashSet<String>();
    switch (parameter.type()) {
      case INTEGER, SIZE, DECIMAL -> {
        add(values, parameter.range().minimum());
        add(values, parameter.range().maximum());
      }
      case BOOLEAN -> {
        values.add("ON");
        values.add("OFF");
      }
      case ENUMERATION -> values.addAll(parameter.range().values());
      case SET -> {
        values.addAll(parameter.range().values());
        values.add(String.join(",", parameter.range().values()));
      }
      case STRING -> values.addAll(parameter.range().values());
    }
    return values;
  }

  private static void add(Set<String> values, @Nullable BigDecimal bound) {
    if (bound != null) {
      values.add(bound.toPlainString());
    }
  }
}
