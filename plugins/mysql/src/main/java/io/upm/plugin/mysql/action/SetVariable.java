package io.upm.plugin.mysql.action;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.variable.VariableChange;
import io.upm.plugin.mysql.variable.VariableChanges;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes variables of the running server: all of them, or none. They last until its next start;
 * what is to stay belongs into {@code spec.parameters} of the UnitSet.
 *
 * <p>{@code SET GLOBAL} and not {@code SET PERSIST}: the server would keep the latter in a file of
 * its own, which takes precedence over the rendered one (<a
 * href="https://dev.mysql.com/doc/refman/8.4/en/persisted-system-variables.html">manual,
 * 7.1.9.3</a>).
 */
public final class SetVariable implements AgentAction<SetVariable.Wanted> {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * Parameters of the action.
   *
   * @param variables by name; text, numbers or booleans
   * @param key one name, for callers who know no {@code variables}
   * @param value its value
   * @param username taken from such callers, and not needed: the administrator's account does it
   */
  public record Wanted(
      @JsonPropertyDescription("Variables and the values that they are to have.")
          Map<String, Object> variables,
      @JsonPropertyDescription("Name of a single variable, instead of variables.")
          @Nullable String key,
      @JsonPropertyDescription("Value of that variable.") @Nullable Object value,
      @JsonPropertyDescription("Not used: the administrator's account changes variables.")
          @Nullable String username) {
    /** Every variable with its value as text, by name. */
    Map<String, String> all() {
      var all = new TreeMap<String, Object>(variables);
      if (key != null) {
        all.put(key, value == null ? "" : value);
      }
      if (all.isEmpty()) {
        throw PluginException.user(
            new Problem("spec.parameters.variables", "", "names and values of variables")
                .sentence());
      }
      var texts = new TreeMap<String, String>();
      all.forEach((name, given) -> texts.put(name, text(name, given)));
      return texts;
    }

    private static String text(String name, Object given) {
      return switch (given) {
        case Boolean truth -> truth ? "ON" : "OFF";
        case String text -> text;
        case Number number -> number.toString();
        default ->
            throw PluginException.user(
                new Problem(
                        LiveChanges.field(name), given.toString(), "text, a number or a boolean")
                    .sentence());
      };
    }
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("set-variable", Wanted.class, false, Engine.RUNNING, false);
  }

  @Override
  public ActionResult run(Wanted parameters, ActionContext context) {
    Map<String, String> wanted = parameters.all();
    try (Session session = open(context)) {
      var changes =
          new LiveChanges(context.instance(), session.pairs("SHOW GLOBAL VARIABLES"), wanted);
      if (!changes.problems().isEmpty()) {
        throw PluginException.user(
            changes.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")));
      }
      return carryOut(changes.changes(), session, context);
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  private static Session open(ActionContext context) throws SQLException {
    return Session.open(Login.administrator(context.instance(), context.accounts()), LIMIT);
  }

  private static ActionResult carryOut(
      List<VariableChange> changes, Session session, ActionContext context) {
    Map<String, String> values =
        new VariableChanges(session)
            .carryOut(
                changes,
                (change, done) ->
                    context.progress(
                        new ActionContext.Progress(
                            done, changes.size(), "changes " + change.name())));
    changes.forEach(change ->
        context.log(
            "%s: %s -> %s".formatted(change.name(), change.before(), values.get(change.name()))));
    return new ActionResult(
        values.isEmpty()
            ? "every variable has its value already"
            : values.entrySet().stream()
                .map(one -> one.getKey() + " is " + one.getValue())
                .collect(Collectors.joining(", ", "", ", until the server's next start")),
        values);
  }
}
