package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionContext.Progress;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.BackupDescriptor;
import io.upm.spi.instance.Instance;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoredObject;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's own files as of one moment, in an object store. The server copies them to a place of
 * their own on its volume while it serves, since it writes each at any offset and can't stream
 * them; a private server brings the copy to that moment, and from there it is streamed.
 */
public final class PhysicalBackup implements AgentAction<PhysicalBackup.Wanted> {
  static final String NAME = "physical-backup";
  static final String DATA = "data.tar";

  private static final String STAGING = ".backup-";

  /** Who the server is. Two that replicate must not be the same. */
  private static final String IDENTITY = "auto.cnf";

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
      @JsonPropertyDescription("Where backups go: s3://bucket/folder/.") @NotBlank
          String destination,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region,
      @JsonPropertyDescription("zstd (without it), gzip or none.") @Nullable String compression,
      @JsonPropertyDescription(WantedEncoding.DESCRIPTION) @Nullable String encryption) {}

  public PhysicalBackup(InstantSource clock) {
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
    var job = new Job(store, Archive.free(set, began, who, store), began, encoding);
    Path root = context.instance().layout().data();
    try {
      Directories.deleteAll(root, STAGING);
      Path staging = Files.createTempDirectory(root, STAGING);
      try {
        return backUp(job, staging, context);
      } finally {
        Directories.delete(staging);
      }
    } catch (IOException e) {
      throw PluginException.retryable(
          "the copy can't be made: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  /** What is done. */
  private record Job(ObjectStore store, Place place, Instant began, WantedEncoding encoding) {}

  private ActionResult backUp(Job job, Path staging, ActionContext context) throws IOException {
    Path copy = staging.resolve("data");
    var clone = new LocalClone(context);
    long bytes = clone.bytes();
    CloneRules.checkRoom(bytes, Files.getFileStore(staging).getUsableSpace());
    // All is read twice: by the server, and on the way into the store.
    context.progress(new Progress(0, 2 * bytes, "copies"));
    clone.run(
        copy,
        copied -> context.progress(new Progress(Math.min(copied, bytes), 2 * bytes, "copies")));
    context.progress(new Progress(bytes, 2 * bytes, "prepares the copy"));
    Map<String, String> position = prepare(copy, staging, context);
    StoredObject stored =
        job.store()
            .pack(
                job.place().prefix() + DATA,
                job.encoding().of(DATA),
                copy,
                packed ->
                    context.progress(
                        new Progress(bytes + packed, bytes + Math.max(bytes, packed), "stores")));
    LogicalBackup.publish(job.store(), job.place(), manifest(job, position, stored, context));
    var values = new LinkedHashMap<>(position);
    values.put(BackupDescriptor.LOCATION, job.place().toString());
    values.put(BackupDescriptor.BYTES, String.valueOf(stored.bytes()));
    values.put(BackupDescriptor.STORED_BYTES, String.valueOf(stored.storedBytes()));
    return new ActionResult("backup %s is complete".formatted(job.place()), values);
  }

  /**
   * Has the copy recovered to the moment that it is of. What it follows, with the password for
   * that, is another server's and doesn't go into the backup.
   */
  private static Map<String, String> prepare(Path copy, Path staging, ActionContext context)
      throws IOException {
    Map<String, String> position;
    try (PrivateServer server =
        PrivateServer.beside(context.instance(), context.processes(), copy, staging)) {
      CloneRules.checkEngines(server.ask(CloneRules.NOT_COPIED, "its tables can't be listed"));
      position = Map.of(LogicalBackup.GTID_SET, server.executed().toString());
      server.stop("RESET REPLICA ALL;\n");
    }
    Files.deleteIfExists(copy.resolve(IDENTITY));
    return position;
  }

  private BackupManifest manifest(
      Job job, Map<String, String> position, StoredObject stored, ActionContext context) {
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
        List.of(stored.at(DATA)));
  }
}
