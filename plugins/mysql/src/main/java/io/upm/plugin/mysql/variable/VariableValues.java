package io.upm.plugin.mysql.variable;

import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Values of variables, which can be written in more than one way. */
public final class VariableValues {
  private static final Set<String> TRUE = Set.of("on", "1", "true");

  private VariableValues() {}

  /** Whether two values mean the same to the server. */
  public static boolean same(Parameter parameter, String one, String other) {
    return one.equals(other)
        || parameter.check(one).isEmpty()
            && parameter.check(other).isEmpty()
            && meaning(parameter.type(), one).equals(meaning(parameter.type(), other));
  }

  private static Object meaning(ParameterType type, String value) {
    return switch (type) {
      case INTEGER, DECIMAL -> new BigDecimal(value).stripTrailingZeros();
      case SIZE -> Parameter.bytes(value).map(BigDecimal::stripTrailingZeros).orElseThrow();
      case BOOLEAN -> TRUE.contains(value.toLowerCase(Locale.ROOT));
      case ENUMERATION -> value.toLowerCase(Locale.ROOT);
      case SET -> new TreeSet<>(List.of(value.toUpperCase(Locale.ROOT).split(",", -1)));
      case STRING -> value;
    };
  }
}
