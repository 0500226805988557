package io.upm.plugin.mysql.provision;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.client.Sql;
import io.upm.plugin.mysql.client.WritableServer;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.ProvisionDescriptor;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a database, or gives one that is there its defaults; what is in it stays as it is. */
public final class ApplyDatabase implements AgentAction<ApplyDatabase.Wanted> {
  private static final String OPTION = "[a-z0-9_]{1,64}";
  private static final String DEFAULTS =
      """
      SELECT default_character_set_name AS charset, default_collation_name AS collation
      FROM information_schema.schemata WHERE schema_name = ?\
      """;

  /** No such character set, no such collation, and one that isn't of the character set. */
  private static final Set<Integer> WRONG_OPTION = Set.of(1115, 1273, 1253);

  /**
   * Parameters of the action.
   *
   * @param name its name
   * @param options its defaults
   */
  public record Wanted(
      @JsonPropertyDescription("Name of the database.")
          @NotNull
          @Pattern(regexp = Sql.DATABASE, message = Sql.DATABASE_WORDS)
          String name,
      @JsonPropertyDescription("Defaults for its tables: characterSet, collation.")
          @Nullable Options options) {
    Options wish() {
      return options == null ? new Options(null, null) : options;
    }
  }

  /**
   * Defaults for tables that are made later.
   *
   * @param characterSet as the server calls it
   * @param collation as the server calls it
   */
  public record Options(
      @JsonPropertyDescription("Character set of tables that name none, such as utf8mb4.")
          @Pattern(regexp = OPTION, message = "the name of a character set, such as utf8mb4")
          @Nullable String characterSet,
      @JsonPropertyDescription("Collation of tables that name none, such as utf8mb4_0900_ai_ci.")
          @Pattern(regexp = OPTION, message = "the name of a collation, such as utf8mb4_bin")
          @Nullable String collation) {
    /** What a statement says of them; empty when it has nothing to say. */
    String clause() {
      return (characterSet == null ? "" : " CHARACTER SET " + characterSet)
          + (collation == null ? "" : " COLLATE " + collation);
    }

    boolean isMetBy(Map<String, String> defaults) {
      return (characterSet == null || characterSet.equals(defaults.get("charset")))
          && (collation == null || collation.equals(defaults.get("collation")));
    }
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("apply-database", Wanted.class, false, Engine.RUNNING, false);
  }

  @Override
  public Optional<ProvisionDescriptor> provision() {
    return Optional.of(new ProvisionDescriptor(Subject.DATABASE, DropDatabase.NAME));
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    return WritableServer.use(context, session -> apply(wanted, session));
  }

  private static ActionResult apply(Wanted wanted, Session session) throws SQLException {
    Optional<Map<String, String>> before = defaults(wanted, session);
    boolean met = before.filter(wanted.wish()::isMetBy).isPresent();
    if (!met) {
      run(
          wanted,
          before.isPresent() ? "ALTER DATABASE " : "CREATE DATABASE IF NOT EXISTS ",
          session);
    }
    Map<String, String> now = defaults(wanted, session).orElseThrow();
    return new ActionResult(
        "database %s %s"
            .formatted(
                wanted.name(),
                met
                    ? "is as it is declared"
                    : before.isPresent() ? "has other defaults now" : "is made"),
        Map.of(
            "characterSet", now.getOrDefault("charset", ""),
            "collation", now.getOrDefault("collation", "")));
  }

  private static Optional<Map<String, String>> defaults(Wanted wanted, Session session)
      throws SQLException {
    return session.rows(DEFAULTS, wanted.name()).stream().findFirst();
  }

  private static void run(Wanted wanted, String verb, Session session) throws SQLException {
    try {
      session.run(verb + Sql.quoted(wanted.name()) + wanted.wish().clause());
    } catch (SQLException e) {
      if (WRONG_OPTION.contains(e.getErrorCode())) {
        throw PluginException.user(
            "options: this server has no \"%s\"".formatted(wanted.wish().clause().strip()));
      }
      throw e;
    }
  }
}
