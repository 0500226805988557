package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.BackupDescriptor;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Feed;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.ObjectStore.Stored;
import jakarta.validation.constraints.NotBlank;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A consistent dump of all databases and accounts, or of one database, streamed into an object
 * store while the server serves. Its position in the server's history is that of the dump itself.
 */
public final class LogicalBackup implements AgentAction<LogicalBackup.Wanted> {
  static final String NAME = "logical-backup";
  static final String DATA = "data.sql";
  static final String GTID_SET = "gtidExecuted";

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> ALL =
      List.of("--all-databases", "--set-gtid-purged=ON", "--routines", "--events");

  private final InstantSource clock;

  /**
   * Parameters of the action.
   *
   * @param destination place of the backups
   * @param endpoint URL of the store
   * @param region its region
   * @param compression zstd, gzip or none
   * @param encryption AES256 or none
   * @param backupType full, database or table
   * @param database the only one that is wanted
   * @param tables those of its tables that are wanted
   */
  public record Wanted(
      @JsonPropertyDescription("Where backups go: s3://bucket/folder/.") @NotBlank
          String destination,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region,
      @JsonPropertyDescription("zstd (without it), gzip or none.") @Nullable String compression,
      @JsonPropertyDescription(
              "AES256: encrypted before it leaves the Pod, with encryptionKey of the Secret; or"
                  + " none, which it is without it.")
          @Nullable String encryption,
      @JsonPropertyDescription(
              "full (without database), database or table: what the other parameters mean, said once"
                  + " more.")
          @Nullable String backupType,
      @JsonPropertyDescription(
              "Only this database, which restore-database brings back into a server that runs;"
                  + " without it, all there is, for restore.")
          @Nullable String database,
      @JsonPropertyDescription("Only these tables of the database.")
          @Nullable List<String> tables) {}

  public LogicalBackup(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>(NAME, Wanted.class, false, Engine.RUNNING, true);
  }

  @Override
  public Optional<BackupDescriptor> backup() {
    return Optional.of(new BackupDescriptor(DiscardBackup.NAME));
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    Optional<Part> part = Part.of(wanted.backupType(), wanted.database(), wanted.tables());
    var encoding = WantedEncoding.of(wanted.compression(), wanted.encryption(), context);
    Instance instance = context.instance();
    Instant began = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instance.Identity who = instance.identity();
    Place set = Place.of("destination", wanted.destination()).of(who);
    ObjectStore store = context.store(set.location(wanted.endpoint(), wanted.region(), context));
    Place folder = part.map(one -> Part.folder(set)).orElse(set);
    Place place = Archive.free(folder, began, who, store);
    Facts facts = facts(part, context);
    Stored stored =
        store.put(
            place.prefix() + DATA,
            encoding.of(DATA),
            new Feed(dump(part, instance), ClientOptions.of(context), facts.bytes()),
            bytes ->
                context.progress(
                    new ActionContext.Progress(bytes, Math.max(bytes, facts.bytes()), "dumps")));
    var position = new LinkedHashMap<>(facts.known());
    position.putAll(DumpHead.position(stored.head()));
    BackupManifest manifest =
        new BackupManifest(
            BackupManifest.FORMAT,
            MysqlEngine.DESCRIPTOR.engine(),
            instance.version().toString(),
            part.isPresent() ? Part.METHOD : NAME,
            who.namespace(),
            who.set(),
            who.unit(),
            began.toString(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
            position,
            encoding.compression(),
            encoding.keyId(),
            List.of(stored.object().at(DATA)));
    publish(store, place, manifest);
    var values = new LinkedHashMap<>(position);
    values.put(BackupDescriptor.LOCATION, place.toString());
    values.put(BackupDescriptor.BYTES, String.valueOf(stored.object().bytes()));
    values.put(BackupDescriptor.STORED_BYTES, String.valueOf(stored.object().storedBytes()));
    return new ActionResult("backup %s is complete".formatted(place), values);
  }

  /** Without its manifest the dump is nothing that anybody would find, or pay for. */
  static void publish(ObjectStore store, Place place, BackupManifest manifest) {
    try {
      store.publish(place.prefix(), manifest);
    } catch (PluginException e) {
      undo(store, place, e);
      throw e;
    }
  }

  static void undo(ObjectStore store, Place place, PluginException failure) {
    try {
      store.remove(place.prefix());
    } catch (PluginException left) {
      failure.addSuppressed(left);
    }
  }

  /**
   * What the server is asked before.
   *
   * @param bytes what the tables take; a dump is about as large
   * @param known what is to be known of a part
   */
  private record Facts(long bytes, Map<String, String> known) {}

  private static Facts facts(Optional<Part> part, ActionContext context) {
    Login login = Login.administrator(context.instance(), context.accounts());
    try (Session session = Session.open(login, LIMIT)) {
      if (part.isPresent()) {
        Map<String, String> known = part.get().facts(session);
        return new Facts(part.get().bytes(session), known);
      }
      return new Facts(
          session
              .row(
                  "SELECT CAST(COALESCE(SUM(data_length), 0) AS UNSIGNED) AS bytes"
                      + " FROM information_schema.tables")
              .map(row -> Long.parseLong(row.get("bytes")))
              .orElse(0L),
          Map.of());
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  /**
   * One transaction, so that writers are held up only while it begins (<a
   * href="https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html">manual, 6.5.4</a>); the position
   * is noted with it.
   */
  private static ProcessSpec dump(Optional<Part> part, Instance instance) {
    var command =
        new ArrayList<>(
            List.of(
                "mysqldump",
                "--defaults-file=/dev/stdin",
                "--single-transaction",
                "--quick",
                "--source-data=2",
                "--triggers",
                "--hex-blob",
                "--default-character-set=utf8mb4",
                "--max-allowed-packet=1G"));
    command.addAll(part.map(Part::arguments).orElse(ALL));
    return new ProcessSpec(command, Map.of(), instance.layout().data());
  }
}
