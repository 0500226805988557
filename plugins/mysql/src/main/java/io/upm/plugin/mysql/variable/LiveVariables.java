package io.upm.plugin.mysql.variable;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.config.MysqlParameters;
import io.upm.plugin.mysql.config.OptionValue;
import io.upm.spi.PluginException;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterChange;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveParameters;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The option file's values in the running server. {@code SET GLOBAL} and not {@code SET PERSIST}:
 * what is to stay is in the option file.
 */
public final class LiveVariables implements LiveParameters {
  /** A larger buffer pool takes its time. */
  private static final Duration CHANGE = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofSeconds(3);

  private final Accounts accounts;

  public LiveVariables(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public List<ParameterChange> changes(Instance instance, Path before, Path after) {
    return changes(
        MysqlParameters.of(instance.version()), OptionFile.in(before), OptionFile.in(after));
  }

  /** Those that mean something else to the server; what isn't a parameter takes a restart. */
  static List<ParameterChange> changes(
      ParameterCatalog catalog, OptionFile before, OptionFile after) {
    var names = new TreeSet<>(before.options().keySet());
    names.addAll(after.options().keySet());
    var changes = new ArrayList<ParameterChange>();
    for (String name : names) {
      String one = before.find(name).orElse("");
      String other = after.find(name).orElse("");
      Optional<Parameter> parameter = catalog.find(name);
      boolean same =
          one.equals(other)
              || !one.isEmpty()
                  && !other.isEmpty()
                  && parameter
                      .filter(known ->
                          VariableValues.same(
                              known, OptionValue.read(one), OptionValue.read(other)))
                      .isPresent();
      if (!same) {
        changes.add(
            new ParameterChange(
                name, one, other, parameter.map(Parameter::impact).orElse(Impact.RESTART)));
      }
    }
    return changes;
  }

  @Override
  public void apply(Instance instance, List<ParameterChange> changes) {
    try (Session session = open(instance, CHANGE)) {
      Map<String, String> present = session.pairs("SHOW GLOBAL VARIABLES");
      var wanted = new ArrayList<VariableChange>();
      var before = new LinkedHashMap<String, String>();
      var after = new LinkedHashMap<String, String>();
      ParameterCatalog catalog = MysqlParameters.of(instance.version());
      for (ParameterChange change : changes) {
        Optional<Parameter> parameter = catalog.find(change.name());
        String now = present.get(change.name());
        // Of a plugin that isn't loaded: then the file alone has it.
        if (parameter.isPresent() && now != null) {
          String value = change.after().isEmpty() ? null : OptionValue.read(change.after());
          wanted.add(new VariableChange(parameter.get(), now, value));
          before.put(change.name(), change.before());
          after.put(change.name(), change.after());
        }
      }
      carryOut(wanted, session, GivenValues.of(instance), before, after);
    } catch (SQLException e) {
      throw unanswered(e);
    }
  }

  /** Notes what the server made of it; also of being given its former values again. */
  private static void carryOut(
      List<VariableChange> changes,
      Session session,
      GivenValues given,
      Map<String, String> before,
      Map<String, String> after) {
    try {
      given.add(after, new VariableChanges(session).carryOut(changes, (change, done) -> {}));
    } catch (PluginException e) {
      given.add(
          before,
          changes.stream().collect(Collectors.toMap(VariableChange::name, VariableChange::before)));
      throw e;
    }
  }

  @Override
  public List<String> drift(Instance instance, Path configuration) {
    var drift =
        new Drift(
            MysqlParameters.of(instance.version()),
            OptionFile.in(configuration),
            GivenValues.of(instance));
    try (Session session = open(instance, LOOK)) {
      return drift.sentences(session.rows(Drift.CHANGED), session.pairs(Drift.PERSISTED));
    } catch (SQLException e) {
      throw unanswered(e);
    }
  }

  private Session open(Instance instance, Duration limit) throws SQLException {
    return Session.open(Login.administrator(instance, accounts), limit);
  }

  private static PluginException unanswered(SQLException e) {
    return PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
  }
}
