package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.agent.AccountScript;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.agent.FreshDirectory;
import io.upm.plugin.mysql.agent.Replacement;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.instance.Instance;
import io.upm.spi.store.Feed;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Restores a backup in place of the unit's data. It is loaded into a fresh directory by a server of
 * its own, beside the present data; those are moved aside when everything was read, was what had
 * been stored, and the server has written it and stopped in order. Until then nothing is touched,
 * and afterwards nothing is deleted.
 */
public final class Restore implements AgentAction<Restore.Wanted> {
  private static final String STAGING = ".restore-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final InstantSource clock;

  /**
   * Parameters of the action.
   *
   * @param source place of the backup
   * @param endpoint URL of the store
   * @param region its region
   * @param overwrite whether the unit's data may be replaced
   */
  public record Wanted(
      @JsonPropertyDescription("Place of the backup, as logical-backup told it.") @NotBlank
          String source,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region,
      @JsonPropertyDescription(
              "true, to have the unit's data replaced; they are moved aside on its volume.")
          @Nullable String overwrite) {}

  public Restore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("restore", Wanted.class, true, Engine.STOPPED, true);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    if (!"true".equals(wanted.overwrite())) {
      throw Place.wrong(
          "overwrite", wanted.overwrite(), "\"true\", as the unit's data are replaced");
    }
    Instance instance = context.instance();
    RestoreRules.checkAlone(instance);
    Source source = Source.find(wanted.source(), wanted.endpoint(), wanted.region(), context);
    RestoreRules.checkVersion(source.manifest().version(), instance.version());
    try {
      return restore(source, context);
    } catch (IOException e) {
      throw PluginException.retryable(
          "the data directory can't be replaced: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          e);
    }
  }

  private ActionResult restore(Source source, ActionContext context) throws IOException {
    Instance instance = context.instance();
    Path root = instance.layout().data();
    DataLayout layout = DataLayout.of(instance);
    if (!Files.exists(layout.server())) {
      // What an earlier restore did not come to the end of is data, not a leftover.
      Replacement.finish(layout);
    }
    removeLeftovers(root);
    RestoreRules.checkRoom(source.data().bytes(), Files.getFileStore(root).getUsableSpace());
    Path staging = Files.createTempDirectory(root, STAGING);
    try {
      Path made = staging.resolve("data");
      load(source, made, staging, context);
      context.progress(progress(source, source.data().bytes(), "replaces the data"));
      Directories.flushAll(made);
      String aside = Replacement.ASIDE + TIME.format(clock.instant());
      Replacement.begin(layout, made, aside);
      var values = new LinkedHashMap<>(source.manifest().position());
      values.put("replaced", aside);
      return new ActionResult(
          "backup %s is restored; the former data are in %s until discard-replaced"
              .formatted(source.place(), aside),
          values);
    } finally {
      if (!Replacement.isPending(layout)) {
        Directories.delete(staging);
      }
    }
  }

  private static void load(Source source, Path made, Path staging, ActionContext context) {
    Instance instance = context.instance();
    var accounts = new AccountScript(instance, context.accounts());
    context.progress(progress(source, 0, "makes a data directory"));
    new FreshDirectory(context.processes(), DataLayout.of(instance))
        .make(made, staging, new byte[0]);
    try (PrivateServer server = PrivateServer.open(instance, context.processes(), made, staging)) {
      source
          .store()
          .get(
              source.data(),
              source.encoding(),
              Feed.of(server.client()),
              bytes -> context.progress(progress(source, bytes, "loads")));
      context.progress(progress(source, source.data().bytes(), "stops in order"));
      server.finish(accounts.forRestored());
    }
  }

  private static ActionContext.Progress progress(Source source, long bytes, String message) {
    return new ActionContext.Progress(bytes, source.data().bytes(), message);
  }

  private static void removeLeftovers(Path root) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(root, STAGING + "*")) {
      for (Path leftover : content) {
        Directories.delete(leftover);
      }
    }
  }
}
