package io.upm.plugin.mysql.variable;

import io.upm.plugin.mysql.config.OptionValue;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What somebody changed in a running server beside its option file. Pure. */
final class Drift {
  /**
   * Variables that were set while the server runs, be it for the asking session alone, as the
   * driver does (<a
   * href="https://dev.mysql.com/doc/refman/8.4/en/performance-schema-variables-info-table.html">manual,
   * 29.12.14.2</a>).
   */
  static final String CHANGED =
      """
      SELECT i.variable_name AS name, g.variable_value AS value, i.set_user AS user, i.set_host AS host
      FROM performance_schema.variables_info i
      JOIN performance_schema.global_variables g USING (variable_name)
      WHERE i.variable_source = 'DYNAMIC'\
      """;

  /** Variables that the server reads from a file of its own, after the option file. */
  static final String PERSISTED =
      "SELECT variable_name, variable_value FROM performance_schema.persisted_variables";

  private final ParameterCatalog catalog;
  private final OptionFile file;
  private final GivenValues given;

  Drift(ParameterCatalog catalog, OptionFile file, GivenValues given) {
    this.catalog = catalog;
    this.file = file;
    this.given = given;
  }

  /**
   * @param changed rows of {@link #CHANGED}
   * @param persisted rows of {@link #PERSISTED}, by name
   * @return by name; parameters only, as all else is UPM's own
   */
  List<String> sentences(List<Map<String, String>> changed, Map<String, String> persisted) {
    var sentences = new TreeMap<String, String>();
    for (Map<String, String> row : changed) {
      String name = row.getOrDefault("name", "").toLowerCase(Locale.ROOT);
      catalog
          .find(name)
          .flatMap(known -> changed(known, row))
          .ifPresent(sentence -> sentences.put(name, sentence));
    }
    persisted.forEach((name, value) -> {
      if (catalog.find(name).isPresent()) {
        sentences.put(
            name,
            "%s is kept as \"%s\" by SET PERSIST, whatever spec.parameters says: RESET PERSIST %s"
                .formatted(name, value, name));
      }
    });
    return new ArrayList<>(sentences.values());
  }

  private Optional<String> changed(Parameter parameter, Map<String, String> row) {
    String name = parameter.name();
    String value = row.getOrDefault("value", "");
    Optional<String> configured = file.find(name);
    String wanted = configured.map(OptionValue::read).orElse(parameter.defaultValue());
    // Some defaults are known to the server alone.
    boolean known = configured.isPresent() || parameter.check(wanted).isEmpty();
    if (!known
        || VariableValues.same(parameter, wanted, value)
        || given.explain(name, configured.orElse(""), value)) {
      return Optional.empty();
    }
    String by = "%s@%s".formatted(row.getOrDefault("user", ""), row.getOrDefault("host", ""));
    return Optional.of(
        "%s is \"%s\" until the next start, set by %s, instead of \"%s\""
            .formatted(name, value, by, wanted));
  }
}
