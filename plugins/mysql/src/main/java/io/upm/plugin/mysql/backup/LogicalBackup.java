package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.DataLayout;
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
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.Encoding.Compression;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.Feed;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.ObjectStore.Stored;
import jakarta.validation.constraints.NotBlank;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A consistent dump of all databases and accounts, streamed into an object store while the server
 * serves. Its position in the server's history is that of the dump itself.
 */
public final class LogicalBackup implements AgentAction<LogicalBackup.Wanted> {
  static final String NAME = "logical-backup";
  static final String DATA = "data.sql";
  static final String GTID_SET = "gtidExecuted";

  private static final String AES = "AES256";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final InstantSource clock;

  /**
   * Parameters of the action.
   *
   * @param destination place of the backups
   * @param endpoint URL of the store
   * @param region its region
   * @param compression zstd, gzip or none
   * @param encryption AES256 or none
   * @param backupType full
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
      @JsonPropertyDescription("full, which is all there is.") @Nullable String backupType) {

    Compression compressed() {
      return switch (said(compression, "zstd")) {
        case "zstd" -> Compression.ZSTD;
        case "gzip" -> Compression.GZIP;
        case "none" -> Compression.NONE;
        default -> throw Place.wrong("compression", compression, "zstd, gzip or none");
      };
    }

    Optional<EncryptionKey> key(ActionContext context) {
      if (said(encryption, "none").equals("none")) {
        return Optional.empty();
      }
      if (!said(encryption, "").equalsIgnoreCase(AES)) {
        throw Place.wrong("encryption", encryption, AES + " or none");
      }
      return Optional.of(
          Place.encryptionKey(context)
              .orElseThrow(() ->
                  PluginException.user(
                      "spec.secretRef: encryption %s needs key %s in the Secret, of: openssl rand"
                              .formatted(AES, Place.ENCRYPTION_KEY)
                          + " -base64 32")));
    }

    void checkType() {
      if (!said(backupType, "full").equals("full")) {
        throw Place.wrong("backupType", backupType, "full");
      }
    }

    private static String said(@Nullable String given, String otherwise) {
      return given == null || given.isBlank() ? otherwise : given.strip();
    }
  }

  public LogicalBackup(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>(NAME, Wanted.class, false, Engine.RUNNING, true);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    wanted.checkType();
    Compression compression = wanted.compressed();
    Optional<EncryptionKey> key = wanted.key(context);
    Instance instance = context.instance();
    Instant began = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instance.Identity who = instance.identity();
    Place place =
        Place.of("destination", wanted.destination())
            .below(who.namespace())
            .below(who.set())
            .below(FOLDER.format(began) + "-" + who.unit());
    ObjectStore store = context.store(place.location(wanted.endpoint(), wanted.region(), context));
    if (!store.list(place.prefix()).isEmpty()) {
      throw PluginException.retryable("%s is taken already".formatted(place), null);
    }
    long estimate = estimate(context);
    Stored stored =
        store.put(
            place.prefix() + DATA,
            new Encoding(compression, key, DATA),
            new Feed(dump(instance), login(context), estimate),
            bytes ->
                context.progress(
                    new ActionContext.Progress(bytes, Math.max(bytes, estimate), "dumps")));
    Map<String, String> position = DumpHead.position(stored.head());
    BackupManifest manifest =
        new BackupManifest(
            BackupManifest.FORMAT,
            MysqlEngine.DESCRIPTOR.engine(),
            instance.version().toString(),
            NAME,
            who.namespace(),
            who.set(),
            who.unit(),
            began.toString(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
            position,
            compression,
            key.map(EncryptionKey::id).orElse(""),
            List.of(stored.object().at(DATA)));
    publish(store, place, manifest);
    var values = new LinkedHashMap<>(position);
    values.put("backup", place.toString());
    values.put("bytes", String.valueOf(stored.object().bytes()));
    values.put("storedBytes", String.valueOf(stored.object().storedBytes()));
    return new ActionResult("backup %s is complete".formatted(place), values);
  }

  /** Without its manifest the dump is nothing that anybody would find, or pay for. */
  private static void publish(ObjectStore store, Place place, BackupManifest manifest) {
    try {
      store.publish(place.prefix(), manifest);
    } catch (PluginException e) {
      try {
        store.remove(place.prefix());
      } catch (PluginException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  /** What the tables take; a dump is about as large. */
  private static long estimate(ActionContext context) {
    Login login = Login.administrator(context.instance(), context.accounts());
    try (Session session = Session.open(login, LIMIT)) {
      return session
          .row(
              "SELECT CAST(COALESCE(SUM(data_length), 0) AS UNSIGNED) AS bytes"
                  + " FROM information_schema.tables")
          .map(row -> Long.parseLong(row.get("bytes")))
          .orElse(0L);
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  /**
   * One transaction, so that writers are held up only while it begins (<a
   * href="https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html">manual, 6.5.4</a>); the position
   * is noted with it.
   */
  private static ProcessSpec dump(Instance instance) {
    return new ProcessSpec(
        List.of(
            "mysqldump",
            "--defaults-file=/dev/stdin",
            "--all-databases",
            "--single-transaction",
            "--quick",
            "--source-data=2",
            "--set-gtid-purged=ON",
            "--routines",
            "--events",
            "--triggers",
            "--hex-blob",
            "--default-character-set=utf8mb4",
            "--max-allowed-packet=1G"),
        Map.of(),
        instance.layout().data());
  }

  /** Read by the client programs from standard input. */
  private static byte[] login(ActionContext context) {
    Instance instance = context.instance();
    Login login = Login.administrator(instance, context.accounts());
    return """
    [client]
    socket="%s"
    user="%s"
    password="%s"
    """
        .formatted(
            escaped(DataLayout.of(instance).socket().toString()),
            escaped(login.user()),
            escaped(login.password().reveal()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Escapes of option files: manual, 6.2.2.2. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }
}
