package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.agent.AccountScript;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.agent.Replacement;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.instance.Instance;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores a backup in place of the unit's data. It is loaded into a fresh directory by a server of
 * its own, beside the present data; those are moved aside when everything was read, was what had
 * been stored, and the server has written it and stopped in order. Until then nothing is touched,
 * and afterwards nothing is deleted.
 */
public final class Restore implements AgentAction<Restore.Wanted> {
  private static final String STAGING = ".restore-";

  private final InstantSource clock;

  /**
   * Parameters of the action.
   *
   * @param source place of the backup
   * @param endpoint URL of the store
   * @param region its region
   * @param overwrite whether the unit's data, if it has any, may be replaced
   * @param until up to where archived binary logs are replayed
   */
  public record Wanted(
      @JsonPropertyDescription("Place of the backup, as logical-backup or physical-backup told it.")
          @NotBlank
          String source,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region,
      @JsonPropertyDescription(
              "true, to have the unit's data replaced; they are moved aside on its volume.")
          @Nullable String overwrite,
      @JsonPropertyDescription(
              "Up to where it goes on from the backup through what binlog-backup archived: a time,"
                  + " as in 2026-11-22T10:15:00Z, or a transaction, as in"
                  + " 3e11fa47-71ca-11e1-9e33-c80aa9429562:23, which is the last one then. Without"
                  + " it, the backup is all.")
          @Nullable String until) {
    private boolean overwrites() {
      return "true".equals(overwrite);
    }
  }

  public Restore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("restore", Wanted.class, true, Engine.STOPPED, true);
  }

  @Override
  public boolean restores() {
    return true;
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    DataLayout layout = DataLayout.of(context.instance());
    try {
      // What an earlier restore did not come to the end of is data, not a leftover.
      boolean finished = !Files.exists(layout.server()) && Replacement.finish(layout);
      if (finished && !wanted.overwrites()) {
        return new ActionResult("the data of a restore that was interrupted are here", Map.of());
      }
      if (Files.exists(layout.server())) {
        checkOverwritten(wanted, context.instance());
      }
      return restore(plan(wanted, context), context);
    } catch (IOException e) {
      throw PluginException.retryable(
          "the data directory can't be replaced: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          e);
    }
  }

  private static void checkOverwritten(Wanted wanted, Instance instance) {
    if (!wanted.overwrites()) {
      throw Place.wrong(
          "overwrite", wanted.overwrite(), "\"true\", as the unit's data are replaced");
    }
    RestoreRules.checkAlone(instance);
  }

  private static Plan plan(Wanted wanted, ActionContext context) {
    Optional<Until> until = Until.parse(wanted.until());
    Source source =
        Source.find(wanted.source(), wanted.endpoint(), wanted.region(), context).full();
    RestoreRules.checkVersion(source.manifest().version(), context.instance().version());
    return new Plan(
        source, until.map(to -> History.find(source, to, String.valueOf(wanted.until()), context)));
  }

  /**
   * What is to be restored.
   *
   * @param source the full backup
   * @param history what goes on from it
   */
  private record Plan(Source source, Optional<History> history) {
    long bytes() {
      return source.bytes() + history.map(History::bytes).orElse(0L);
    }

    ActionContext.Progress progress(long bytes, String message) {
      return new ActionContext.Progress(bytes, bytes(), message);
    }

    String sentence(Optional<String> aside) {
      return "backup %s is restored%s%s"
          .formatted(
              source.place(),
              history.map(to -> " up to " + to.until()).orElse(""),
              aside
                  .map("; the former data are in %s until discard-replaced"::formatted)
                  .orElse(""));
    }
  }

  private ActionResult restore(Plan plan, ActionContext context) throws IOException {
    Instance instance = context.instance();
    Path root = instance.layout().data();
    DataLayout layout = DataLayout.of(instance);
    Directories.deleteAll(root, STAGING);
    RestoreRules.checkRoom(
        plan.source().bytes() + plan.history().map(History::staged).orElse(0L),
        Files.getFileStore(root).getUsableSpace());
    Path staging = Files.createTempDirectory(root, STAGING);
    try {
      Path made = staging.resolve("data");
      Map<String, String> position = load(plan, made, staging, context);
      context.progress(plan.progress(plan.bytes(), "replaces the data"));
      Directories.flushAll(made);
      Optional<String> aside = Replacement.begin(layout, made, clock.instant());
      var values = new LinkedHashMap<>(position);
      aside.ifPresent(one -> values.put("replaced", one));
      return new ActionResult(plan.sentence(aside), values);
    } finally {
      if (!Replacement.isPending(layout)) {
        Directories.delete(staging);
      }
    }
  }

  /** Returns where what was loaded lies in the server's history. */
  private static Map<String, String> load(Plan plan, Path made, Path staging, ActionContext context)
      throws IOException {
    Instance instance = context.instance();
    Source source = plan.source();
    var accounts = new AccountScript(instance, context.accounts());
    context.progress(plan.progress(0, "makes a data directory"));
    Map<String, String> position = source.manifest().position();
    LongConsumer loaded = bytes -> context.progress(plan.progress(bytes, "loads"));
    try (PrivateServer server = Loaded.open(source, made, staging, context, loaded)) {
      if (source.backup().isPhysical()) {
        position = Map.of(LogicalBackup.GTID_SET, server.executed().toString());
      }
      if (plan.history().isPresent()) {
        LongConsumer told =
            bytes -> context.progress(plan.progress(source.bytes() + bytes, "replays"));
        GtidSet reached = new Replay(server, staging, told).run(plan.history().get());
        position = Map.of(LogicalBackup.GTID_SET, reached.toString());
      }
      context.progress(plan.progress(plan.bytes(), "stops in order"));
      server.finish(accounts.forRestored());
    }
    return position;
  }
}
