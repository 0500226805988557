package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.client.GtidSet;
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
 * them; from there they are streamed. Whoever restores them has a server recover them to that
 * moment: here, that would take memory which the server that serves was promised.
 */
public final class PhysicalBackup implements AgentAction<PhysicalBackup.Wanted> {
  static final String NAME = "physical-backup";
  static final String DATA = "data.tar";

  private static final String STAGING = ".backup-";

  /** Of a manifest's position: transactions that the server had when it was copied. */
  static final String GTIDS_AT_END = "gtidAtEnd";

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
      @JsonPropertyDescription(
              WantedEncoding.DESCRIPTION
                  + " Needed of a server that replicates: its files hold the password for that.")
          @Nullable String encryption) {}

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
    CloneRules.checkEncrypted(
        wanted.encryption(), encoding.key().isPresent(), context.instance().mode());
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
    GtidSet before = clone.executed();
    CloneRules.checkRoom(bytes, Files.getFileStore(staging).getUsableSpace());
    // All is read twice: by the server, and on the way into the store.
    context.progress(new Progress(0, 2 * bytes, "copies"));
    clone.run(
        copy,
        copied -> context.progress(new Progress(Math.min(copied, bytes), 2 * bytes, "copies")));
    // A table may have been made meanwhile that wasn't copied.
    clone.bytes();
    Map<String, String> position =
        Map.of(
            LogicalBackup.GTID_SET, before.toString(), GTIDS_AT_END, clone.executed().toString());
    // Times in a manifest are whole seconds: not one in which it was still being copied.
    Instant ended = clock.instant().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    StoredObject stored =
        job.store()
            .pack(
                job.place().prefix() + DATA,
                job.encoding().of(DATA),
                copy,
                packed ->
                    context.progress(
                        new Progress(bytes + packed, bytes + Math.max(bytes, packed), "stores")));
    LogicalBackup.publish(
        job.store(), job.place(), manifest(job, ended, position, stored, context));
    var values = new LinkedHashMap<>(position);
    values.put(BackupDescriptor.LOCATION, job.place().toString());
    values.put(BackupDescriptor.BYTES, String.valueOf(stored.bytes()));
    values.put(BackupDescriptor.STORED_BYTES, String.valueOf(stored.storedBytes()));
    return new ActionResult("backup %s is complete".formatted(job.place()), values);
  }

  private static BackupManifest manifest(
      Job job,
      Instant ended,
      Map<String, String> position,
      StoredObject stored,
      ActionContext context) {
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
        ended.toString(),
        position,
        job.encoding().compression(),
        job.encoding().keyId(),
        List.of(stored.at(DATA)));
  }
}
