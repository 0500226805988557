package io.upm.plugin.mysql.provision;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.Sql;
import io.upm.plugin.mysql.client.WritableServer;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Map;

/** Drops a database with all that is in it. */
public final class DropDatabase implements AgentAction<DropDatabase.Wanted> {
  static final String NAME = "drop-database";

  /**
   * Parameters of the action.
   *
   * @param name its name
   */
  public record Wanted(
      @JsonPropertyDescription("Name of the database, which is dropped with all that is in it.")
          @NotNull
          @Pattern(regexp = Sql.DATABASE, message = Sql.DATABASE_WORDS)
          String name) {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>(NAME, Wanted.class, true, Engine.RUNNING, false);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    return WritableServer.use(
        context,
        session -> {
          session.run("DROP DATABASE IF EXISTS " + Sql.quoted(wanted.name()));
          return new ActionResult("there is no database %s".formatted(wanted.name()), Map.of());
        });
  }
}
