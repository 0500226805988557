package io.upm.plugin.mysql.action;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionContext.Progress;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.CheckDescriptor;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the server read every table of the users', indexes included, and say whether it is sound; and
 * counts their rows. With that a backup that was restored is proven.
 */
public final class CheckData implements AgentAction<CheckData.Wanted> {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int NAMED = 10;

  /**
   * Parameters of the action.
   *
   * @param gtidExecuted transactions that the data have to hold
   */
  public record Wanted(
      @JsonPropertyDescription(
              "Transactions that the server has to have, as the backup told them; not looked at"
                  + " without it.")
          @Nullable String gtidExecuted) {
    Optional<GtidSet> gtids() {
      try {
        return Optional.ofNullable(gtidExecuted).map(GtidSet::parse);
      } catch (IllegalArgumentException e) {
        throw PluginException.user(
            new Problem(
                    "spec.parameters.gtidExecuted",
                    String.valueOf(gtidExecuted),
                    "a GTID set, as in 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77")
                .sentence(),
            e);
      }
    }
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("check-data", Wanted.class, false, Engine.RUNNING, true);
  }

  @Override
  public Optional<CheckDescriptor> check() {
    return Optional.of(new CheckDescriptor(Set.of("logical-backup", "physical-backup")));
  }

  @Override
  public ActionResult run(Wanted parameters, ActionContext context) {
    Optional<GtidSet> wanted = parameters.gtids();
    Login login = Login.administrator(context.instance(), context.accounts());
    try (Session session = Session.open(login, LIMIT)) {
      GtidSet executed = session.executed();
      wanted.ifPresent(set -> compare(executed, set));
      List<CheckedTable> tables = CheckedTable.all(session);
      var damaged = new ArrayList<String>();
      long rows = 0;
      for (int place = 0; place < tables.size(); place++) {
        CheckedTable table = tables.get(place);
        context.progress(new Progress(place, tables.size(), "checks " + table));
        Optional<String> wrong = StoppableCheck.of(table, login, context).run();
        wrong.ifPresent(why -> damaged.add("%s (%s)".formatted(table, why)));
        if (wrong.isEmpty()) {
          rows += StoppableCheck.rows(table, login, context).run();
        }
      }
      context.progress(new Progress(tables.size(), tables.size(), "all tables are checked"));
      return result(tables.size(), rows, executed, damaged);
    } catch (SQLException e) {
      throw PluginException.retryable(
          "the server can't be asked for its tables: " + Failure.sentence(e), e);
    }
  }

  private static void compare(GtidSet executed, GtidSet wanted) {
    if (!executed.contains(wanted)) {
      throw PluginException.user(
          "the server lacks transactions that it should have: " + wanted.minus(executed));
    }
  }

  private static ActionResult result(
      int tables, long rows, GtidSet executed, List<String> damaged) {
    if (!damaged.isEmpty()) {
      String more = damaged.size() > NAMED ? " and %d more".formatted(damaged.size() - NAMED) : "";
      throw PluginException.user(
          "%d of %d tables are damaged: %s%s"
              .formatted(
                  damaged.size(),
                  tables,
                  String.join(", ", damaged.subList(0, Math.min(NAMED, damaged.size()))),
                  more));
    }
    return new ActionResult(
        "%d tables with %d rows are sound".formatted(tables, rows),
        Map.of(
            "tables",
            Integer.toString(tables),
            "rows",
            Long.toString(rows),
            "gtidExecuted",
            executed.toString()));
  }
}
