package io.upm.plugin.mysql.backup;

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
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.Feed;
import io.upm.spi.store.StoredObject;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a backup of one database back into the server that takes writes, while it serves, and
 * through the binary log into its replicas. It overwrites nothing: the database must not be there,
 * or be empty; whoever wants to replace one restores it under another name first.
 */
public final class RestoreDatabase implements AgentAction<RestoreDatabase.Wanted> {
  private static final String NAME_OF_SET = "[a-z0-9_]{1,64}";

  /** What would be in the way, or be lost. */
  private static final String CONTENT =
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?"
          + " UNION ALL SELECT routine_name FROM information_schema.routines"
          + " WHERE routine_schema = ?"
          + " UNION ALL SELECT event_name FROM information_schema.events WHERE event_schema = ?";

  /**
   * Parameters of the action.
   *
   * @param source place of the backup
   * @param endpoint URL of the store
   * @param region its region
   * @param targetDatabase name that it gets
   */
  public record Wanted(
      @JsonPropertyDescription(
              "Place of the backup, as logical-backup with the parameter database told it.")
          @NotBlank
          String source,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region,
      @JsonPropertyDescription(
              "Name of the database that it is restored into, which must not be there or be empty;"
                  + " the one that it had without it.")
          @Nullable String targetDatabase) {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("restore-database", Wanted.class, false, Engine.RUNNING, true);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    Source source =
        Source.find(wanted.source(), wanted.endpoint(), wanted.region(), context).part();
    RestoreRules.checkNotOlder(source.manifest().version(), context.instance().version());
    Map<String, String> facts = source.manifest().position();
    String origin = facts.getOrDefault(Part.DATABASE, "");
    String target = WantedEncoding.said(wanted.targetDatabase(), origin);
    if (!target.matches(Sql.DATABASE)) {
      throw Place.wrong("targetDatabase", target, Sql.DATABASE_WORDS);
    }
    boolean made = WritableServer.use(context, server -> make(target, facts, server));
    try {
      load(source, target, context);
    } catch (PluginException e) {
      throw undone(e, target, made, context);
    }
    List<String> paused =
        target.equals(origin)
            ? List.of()
            : WritableServer.use(context, server -> pauseEvents(target, server));
    return new ActionResult(
        "backup %s is restored as database %s%s"
            .formatted(source.place(), target, sentence(paused)),
        Map.of(Part.DATABASE, target));
  }

  private static String sentence(List<String> paused) {
    return paused.isEmpty()
        ? ""
        : "; its events are disabled, as those of the first one may run: "
            + String.join(", ", paused);
  }

  /** Returns whether it wasn't there. */
  private static boolean make(String target, Map<String, String> facts, Session server)
      throws SQLException {
    List<Map<String, String>> content = server.rows(CONTENT, target, target, target);
    if (!content.isEmpty()) {
      throw Place.wrong(
          "targetDatabase",
          target,
          "the name of a database that isn't there or is empty; there are %d tables, routines and"
                  .formatted(content.size())
              + " events in that one");
    }
    boolean there =
        !server
            .rows(
                "SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = ?", target)
            .isEmpty();
    if (!there) {
      server.run(
          "CREATE DATABASE %s CHARACTER SET %s COLLATE %s"
              .formatted(
                  Sql.quoted(target), set(facts, Part.CHARACTER_SET), set(facts, Part.COLLATION)));
    }
    return !there;
  }

  private static String set(Map<String, String> facts, String name) {
    String value = facts.getOrDefault(name, "");
    if (!value.matches(NAME_OF_SET)) {
      throw PluginException.user(
          "spec.parameters.source: the manifest says %s \"%s\", which is none"
              .formatted(name, value));
    }
    return value;
  }

  private static void load(Source source, String target, ActionContext context) {
    StoredObject dump = source.objects().getFirst();
    Path run = context.instance().layout().run();
    // A fixed name: what an agent that was killed leaves is replaced by the next attempt.
    Path options = run.resolve("restore-database.cnf");
    try {
      Files.deleteIfExists(options);
      // For this user alone. By standard input the program gets the dump.
      Files.createFile(
          options,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.write(options, ClientOptions.of(context));
        var client =
            new ProcessSpec(
                List.of(
                    "mysql",
                    "--defaults-file=" + options,
                    "--binary-mode",
                    "--max-allowed-packet=1G",
                    "--database=" + target),
                Map.of(),
                run);
        source
            .store()
            .get(
                dump,
                source.encoding(dump),
                Feed.of(client),
                bytes ->
                    context.progress(new ActionContext.Progress(bytes, source.bytes(), "loads")));
      } finally {
        Files.delete(options);
      }
    } catch (IOException e) {
      throw PluginException.retryable(
          "the client can't be started: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  /** What was made for it is no use to anybody half full; what was there is the user's. */
  private static PluginException undone(
      PluginException failure, String target, boolean made, ActionContext context) {
    if (!made) {
      return PluginException.user(
          "%s; what was loaded before is in database %s: drop it before the next attempt"
              .formatted(failure.getMessage(), target),
          failure);
    }
    try {
      WritableServer.use(
          context,
          server -> {
            server.run("DROP DATABASE IF EXISTS " + Sql.quoted(target));
            return true;
          });
    } catch (PluginException left) {
      failure.addSuppressed(left);
    }
    return failure;
  }

  /** Returns their names. */
  private static List<String> pauseEvents(String target, Session server) throws SQLException {
    List<String> events =
        server
            .rows(
                "SELECT event_name AS name FROM information_schema.events"
                    + " WHERE event_schema = ? AND status = 'ENABLED' ORDER BY event_name",
                target)
            .stream()
            .map(row -> row.get("name"))
            .toList();
    for (String event : events) {
      server.run("ALTER EVENT %s.%s DISABLE".formatted(Sql.quoted(target), Sql.quoted(event)));
    }
    return events;
  }
}
