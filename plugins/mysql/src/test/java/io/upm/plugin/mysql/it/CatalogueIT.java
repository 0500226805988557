package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.config.MysqlParameters;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterType;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue against what the real server says of its variables. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class CatalogueIT {
  private static final int READ_ONLY_VARIABLE = 1238;

  /** Options whose variable has another name, and other rules. */
  private static final Map<String, String> VARIABLES = Map.of("default_time_zone", "time_zone");

  private final Unit unit;
  private final List<Parameter> parameters;

  CatalogueIT(Unit unit) {
    this.unit = unit;
    this.parameters = MysqlParameters.of(unit.instance().version()).all();
  }

  static Stream<Unit> units() {
    return Images.all().stream()
        .map(image -> Unit.running(Unit.Plan.of(image, "rpl_semi_sync", 0).withMemory(1024)));
  }

  private record Variable(String value, String source, BigDecimal least, BigDecimal most) {
    static Variable of(Map<String, String> row) {
      return new Variable(
          row.getOrDefault("value", ""),
          row.getOrDefault("source", ""),
          new BigDecimal(row.getOrDefault("least", "0")),
          new BigDecimal(row.getOrDefault("most", "0")));
    }
  }

  private Map<String, Variable> variables() {
    return unit
        .rows(
            """
            SELECT i.variable_name AS name, g.variable_value AS value,
              i.variable_source AS source, i.min_value AS least, i.max_value AS most
            FROM performance_schema.variables_info i
            JOIN performance_schema.global_variables g USING (variable_name)\
            """)
        .stream()
        .collect(Collectors.toMap(row -> row.get("name"), Variable::of));
  }

  private static String variable(Parameter parameter) {
    return VARIABLES.getOrDefault(parameter.name(), parameter.name());
  }

  @Test
  void everyParameterIsAVariableOfTheServer() {
    Map<String, Variable> variables = variables();

    assertThat(parameters)
        .hasSizeGreaterThanOrEqualTo(88)
        .allSatisfy(one -> assertThat(variables).containsKey(variable(one)));
  }

  @Test
  void boundsAreWithinThoseOfTheServer() {
    Map<String, Variable> variables = variables();
    var wider = new ArrayList<String>();
    int equal = 0;
    int bounded = 0;
    for (Parameter parameter : parameters) {
      Variable variable = variables.get(variable(parameter));
      Parameter.Range range = parameter.range();
      if (range.minimum() == null || range.maximum() == null) {
        continue;
      }
      bounded++;
      if (range.minimum().compareTo(variable.least()) < 0
          || range.maximum().compareTo(variable.most()) > 0) {
        wider.add(
            "%s %s, the server has %s to %s"
                .formatted(parameter.name(), range, variable.least(), variable.most()));
      }
      equal +=
          range.minimum().compareTo(variable.least()) == 0
                  && range.maximum().compareTo(variable.most()) == 0
              ? 1
              : 0;
    }
    assertThat(wider).isEmpty();
    assertThat(equal).as("of %d with bounds", bounded).isGreaterThan(bounded * 9 / 10);
  }

  @Test
  void dynamicOnesCanBeSetAndOthersCannot() throws SQLException {
    var wrong = new ArrayList<String>();
    try (Session session = unit.admin()) {
      for (Parameter parameter : parameters) {
        if (VARIABLES.containsKey(parameter.name())) {
          continue;
        }
        int error = setToItself(session, parameter.name());
        boolean fine =
            parameter.impact() == Impact.DYNAMIC ? error == 0 : error == READ_ONLY_VARIABLE;
        if (!fine) {
          wrong.add("%s %s: error %d".formatted(parameter.name(), parameter.impact(), error));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static int setToItself(Session session, String variable) {
    try {
      session.run("SET GLOBAL %1$s = @@global.%1$s".formatted(variable));
      return 0;
    } catch (SQLException e) {
      return e.getErrorCode();
    }
  }

  @Test
  void allowedValuesAreTakenByTheServer() throws SQLException {
    var refused = new ArrayList<String>();
    try (Session session = unit.admin()) {
      for (Parameter parameter : parameters) {
        if (parameter.impact() != Impact.DYNAMIC) {
          continue;
        }
        for (String value : parameter.range().values()) {
          try {
            boolean number = value.matches("\\d+");
            session.run(
                "SET GLOBAL %s = ?".formatted(parameter.name()),
                number ? (Object) Long.valueOf(value) : value);
          } catch (SQLException e) {
            refused.add(parameter.name() + "=" + value + ": " + e.getMessage());
          }
        }
      }
    }
    unit.stop();
    unit.start();
    assertThat(refused).isEmpty();
  }

  @Test
  void defaultsAreThoseOfTheServer() {
    Map<String, Variable> variables = variables();
    var wrong = new ArrayList<String>();
    int compared = 0;
    for (Parameter parameter : parameters) {
      Variable variable = variables.get(variable(parameter));
      if (variable.source().equals("COMPILED") && !parameter.defaultValue().startsWith("(")) {
        compared++;
        if (!same(parameter, variable.value())) {
          wrong.add(
              "%s: %s, the server has %s"
                  .formatted(parameter.name(), parameter.defaultValue(), variable.value()));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(100);
  }

  private static boolean same(Parameter parameter, String value) {
    String expected = parameter.defaultValue();
    return switch (parameter.type()) {
      case INTEGER, SIZE, DECIMAL -> new BigDecimal(expected).compareTo(new BigDecimal(value)) == 0;
      case SET -> List.of(expected.split(",", -1)).containsAll(List.of(value.split(",", -1)));
      default -> expected.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
    };
  }

  /** Also what can't be told from a variable: that the name is an option, and the value is read. */
  @Test
  void theServerTakesEveryDefaultFromTheFile() {
    var all = new HashMap<String, String>();
    for (Parameter parameter : parameters) {
      boolean sized = parameter.defaultValue().startsWith("(");
      if (!sized && parameter.type() != ParameterType.STRING) {
        all.put(parameter.name(), parameter.defaultValue());
      }
    }
    var plan =
        Unit.Plan.of(unit.box().image(), "rpl_semi_sync", 1).withMemory(1024).withParameters(all);
    try (Unit other = Unit.running(plan)) {
      assertThat(other.box().log()).doesNotContain("unknown variable");
      assertThat(other.value("SELECT @@global.super_read_only")).isEqualTo("1");
    }
  }
}
