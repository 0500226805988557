package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
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
import io.upm.spi.store.StoredObject;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Path;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Archives what the binary logs hold beyond the last backup of the set, whichever unit that was of:
 * complete files, each an object, and a manifest that says from which transactions they lead to
 * which. With them a restore of a full backup goes on to any point until then.
 */
public final class BinlogBackup implements AgentAction<BinlogBackup.Wanted> {
  static final String NAME = "binlog-backup";

  /** Place of the backup that one goes on from. */
  static final String BASE = BackupDescriptor.BASE;

  /** Names of its objects, which are those of the server's files. */
  static final Pattern FILE = Pattern.compile("binlog\\.\\d{6,10}");

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final InstantSource clock;

  /**
   * Parameters of the action.
   *
   * @param destination place of the backups
   * @param endpoint URL of the store
   * @param region its region
   * @param compression zstd, gzip or none
   * @param encryption AES256 or none
   */
  public record Wanted(
      @JsonPropertyDescription(
              "Where backups go: s3://bucket/folder/, as for the full backup that it goes on from.")
          @NotBlank
          String destination,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region,
      @JsonPropertyDescription("zstd (without it), gzip or none.") @Nullable String compression,
      @JsonPropertyDescription(WantedEncoding.DESCRIPTION) @Nullable String encryption) {}

  /**
   * What is to be archived.
   *
   * @param files those that hold it
   * @param reached all transactions that are archived then
   * @param until when all that was committed is
   */
  private record Rest(List<LogFile> files, GtidSet reached, Instant until) {}

  public BinlogBackup(InstantSource clock) {
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
    var encoding = WantedEncoding.of(wanted.compression(), wanted.encryption(), context);
    Instant began = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instance.Identity who = context.instance().identity();
    Place set = Place.of("destination", wanted.destination()).of(who);
    ObjectStore store = context.store(set.location(wanted.endpoint(), wanted.region(), context));
    Place place = Archive.free(set, began, who, store);
    Archived base =
        Archive.open(set, store)
            .newest()
            .orElseThrow(() ->
                PluginException.user(
                    "there is no backup below %s to go on from: take a %s or %s first"
                        .formatted(set, LogicalBackup.NAME, PhysicalBackup.NAME)));
    Rest rest = rest(base, context);
    try {
      return archive(new Job(store, place, began, encoding, base), rest, context);
    } catch (PluginException e) {
      LogicalBackup.undo(store, place, e);
      throw e;
    }
  }

  /** What is done. */
  private record Job(
      ObjectStore store, Place place, Instant began, WantedEncoding encoding, Archived base) {}

  private Rest rest(Archived base, ActionContext context) {
    Login login = Login.administrator(context.instance(), context.accounts());
    GtidSet archived = base.gtids();
    try (Session session = Session.open(login, LIMIT)) {
      var logs = new ServerLogs(session);
      // What is acknowledged before this is there when the server is asked.
      Instant now = clock.instant();
      GtidSet executed = logs.executed();
      if (archived.contains(executed)) {
        // A replica that lags tells nothing of what it doesn't have yet.
        boolean all = executed.equals(archived) && !logs.follows();
        return new Rest(List.of(), archived, all ? later(base, now) : base.until());
      }
      GtidSet unknown = archived.minus(executed);
      if (!unknown.isEmpty()) {
        throw PluginException.user(
            "%s is archived, which this unit doesn't have: its history is another one, so take a"
                    .formatted(unknown)
                + " %s or %s".formatted(LogicalBackup.NAME, PhysicalBackup.NAME));
      }
      boolean follows = logs.follows();
      LogFiles files = logs.flush(archived);
      return new Rest(
          files.beyond(archived),
          files.reached().plus(archived),
          follows ? Instant.EPOCH : later(base, now));
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  private static Instant later(Archived base, Instant time) {
    return time.isAfter(base.until()) ? time : base.until();
  }

  private ActionResult archive(Job job, Rest rest, ActionContext context) {
    Path directory = DataLayout.of(context.instance()).binaryLogs();
    long total = rest.files().stream().mapToLong(LogFile::bytes).sum();
    var objects = new ArrayList<StoredObject>();
    var times = new Times(job.base().gtids());
    long before = 0;
    for (LogFile file : rest.files()) {
      if (context.cancelled()) {
        throw PluginException.retryable("it was cancelled", null);
      }
      long sum = before;
      scan(directory.resolve(file.name()), times);
      objects.add(
          job.store()
              .put(
                  job.place().prefix() + file.name(),
                  job.encoding().of(file.name()),
                  new Feed(copy(directory, file), new byte[0], file.bytes()),
                  bytes ->
                      context.progress(new ActionContext.Progress(sum + bytes, total, "archives")))
              .object()
              .at(file.name()));
      before += file.bytes();
    }
    Map<String, String> position = position(job.base(), rest, times);
    job.store().publish(job.place().prefix(), manifest(job, position, objects, context));
    return result(job, rest, position, objects);
  }

  private static void scan(Path file, Times times) {
    try {
      LogScan.read(file, times);
    } catch (IOException e) {
      throw PluginException.user(
          "binary log %s can't be archived: %s".formatted(file.getFileName(), e.getMessage()), e);
    }
  }

  private static ProcessSpec copy(Path directory, LogFile file) {
    return new ProcessSpec(
        List.of("cat", directory.resolve(file.name()).toString()), Map.of(), directory);
  }

  private static Map<String, String> position(Archived base, Rest rest, Times times) {
    var position = new LinkedHashMap<String, String>();
    position.put(BASE, base.place().toString());
    position.put(Archived.GTID_BASE, base.gtids().toString());
    position.put(LogicalBackup.GTID_SET, rest.reached().toString());
    times.first().ifPresent(time -> position.put("firstTransaction", time.toString()));
    times.last().ifPresent(time -> position.put(Archived.LAST, time.toString()));
    position.put(Archived.FROM, base.from().toString());
    Instant last = later(base, times.last().orElse(Instant.EPOCH));
    position.put(Archived.UNTIL, (rest.until().isAfter(last) ? rest.until() : last).toString());
    return position;
  }

  private BackupManifest manifest(
      Job job, Map<String, String> position, List<StoredObject> objects, ActionContext context) {
    Instance.Identity who = context.instance().identity();
    return new BackupManifest(
        BackupManifest.FORMAT,
        MysqlEngine.DESCRIPTOR.engine(),
        context.instance().version().toString(),
        NAME,
        who.namespace(),
        who.set(),
        who.unit(),
        job.began().toString(),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
        position,
        job.encoding().compression(),
        job.encoding().keyId(),
        objects);
  }

  private static ActionResult result(
      Job job, Rest rest, Map<String, String> position, List<StoredObject> objects) {
    var values = new LinkedHashMap<>(position);
    values.put(BackupDescriptor.LOCATION, job.place().toString());
    values.put(
        BackupDescriptor.BYTES,
        String.valueOf(objects.stream().mapToLong(StoredObject::bytes).sum()));
    values.put(
        BackupDescriptor.STORED_BYTES,
        String.valueOf(objects.stream().mapToLong(StoredObject::storedBytes).sum()));
    return new ActionResult(
        "%d transactions are archived in %s; every time from %s to %s can be restored"
            .formatted(
                rest.reached().minus(job.base().gtids()).count(),
                job.place(),
                position.get(Archived.FROM),
                position.get(Archived.UNTIL)),
        values);
  }
}
