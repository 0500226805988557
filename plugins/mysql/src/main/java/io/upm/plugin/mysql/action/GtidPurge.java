package io.upm.plugin.mysql.action;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import jakarta.validation.constraints.NotBlank;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has a server take transactions for its own that its data hold but that it did not see, as when
 * they were brought by hand from a copy of another server: replication goes on after them. What it
 * has already stays; nothing is ever taken out of its history.
 *
 * <p>A set with a plus sign is added to {@code gtid_purged} and with that to {@code gtid_executed}
 * (<a
 * href="https://dev.mysql.com/doc/refman/8.4/en/replication-options-gtids.html#sysvar_gtid_purged">
 * manual, 19.1.6.5</a>).
 */
public final class GtidPurge implements AgentAction<GtidPurge.Wanted> {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Those that follow this server, and would miss the transactions for ever. */
  private static final String FOLLOWERS =
      "SELECT COUNT(*) AS number FROM performance_schema.threads"
          + " WHERE processlist_command LIKE 'Binlog Dump%'";

  private static final String RECEIVING =
      "SELECT COUNT(*) AS number FROM performance_schema.replication_connection_status"
          + " WHERE service_state <> 'OFF'";

  /**
   * Parameters of the action.
   *
   * @param gtidSet transactions that the data hold
   * @param username taken from callers who know it, and not needed
   */
  public record Wanted(
      @JsonPropertyDescription(
              "Transactions that the data hold already, as in"
                  + " 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77.")
          @NotBlank
          String gtidSet,
      @JsonPropertyDescription("Not used: the administrator's account does it.")
          @Nullable String username) {
    GtidSet gtids() {
      try {
        GtidSet set = GtidSet.parse(gtidSet);
        if (!set.isEmpty()) {
          return set;
        }
      } catch (IllegalArgumentException e) {
        throw PluginException.user(wrong(), e);
      }
      throw PluginException.user(wrong());
    }

    private String wrong() {
      return new Problem(
              "spec.parameters.gtidSet",
              gtidSet,
              "a GTID set, as in 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77")
          .sentence();
    }
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("gtid-purge", Wanted.class, true, Engine.RUNNING, false);
  }

  @Override
  public ActionResult run(Wanted parameters, ActionContext context) {
    GtidSet wanted = parameters.gtids();
    Login login = Login.administrator(context.instance(), context.accounts());
    try (Session session = Session.open(login, LIMIT)) {
      refuse(session, FOLLOWERS, "another server replicates from it and would miss them for ever");
      refuse(session, RECEIVING, "it replicates, and gets what it lacks that way");
      GtidSet added = wanted.minus(session.executed());
      if (!added.isEmpty()) {
        session.run("SET @@GLOBAL.gtid_purged = ?", "+" + added);
      }
      GtidSet now = session.executed();
      return new ActionResult(
          added.isEmpty() ? "all of them are there already" : "added " + added,
          Map.of("gtidExecuted", now.toString()));
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't do it: " + Failure.sentence(e), e);
    }
  }

  private static void refuse(Session session, String count, String why) throws SQLException {
    if (!session.row(count).orElseThrow().containsValue("0")) {
      throw PluginException.user("no transactions are added to this server: " + why);
    }
  }
}
