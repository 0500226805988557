package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.agent.AccountScript;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.agent.FreshDirectory;
import io.upm.plugin.mysql.agent.Replacement;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionContext.Progress;
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
import org.jspecify.annotations.Nullable;

/**
 * Fills a unit from another one of its set that runs, over the network. A server of its own fetches
 * a copy of the donor's data, and another one opens it; then it takes the place of the present
 * data, as what is restored does. Its history is the set's, so others of the set are no obstacle.
 */
public final class CloneUnit implements AgentAction<CloneUnit.Wanted> {
  static final String NAME = "clone";

  private static final String STAGING = ".clone-";

  private final InstantSource clock;

  /**
   * Parameters of the action.
   *
   * @param donor name of the unit that is copied
   * @param overwrite whether the unit's data, if it has any, may be replaced
   */
  public record Wanted(
      @JsonPropertyDescription("Name of the unit of the same set whose data are copied; it runs.")
          @NotBlank
          String donor,
      @JsonPropertyDescription(
              "true, to have the unit's data replaced; they are moved aside on its volume.")
          @Nullable String overwrite) {
    private boolean overwrites() {
      return "true".equals(overwrite);
    }
  }

  public CloneUnit(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>(NAME, Wanted.class, true, Engine.STOPPED, true);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    Instance instance = context.instance();
    DataLayout layout = DataLayout.of(instance);
    try {
      // What an earlier replacement did not come to the end of is data, not a leftover.
      boolean finished = !Files.exists(layout.server()) && Replacement.finish(layout);
      if (finished && !wanted.overwrites()) {
        return new ActionResult("the data of a clone that was interrupted are here", Map.of());
      }
      if (Files.exists(layout.server()) && !wanted.overwrites()) {
        throw Place.wrong(
            "overwrite", wanted.overwrite(), "\"true\", as the unit's data are replaced");
      }
      Donor donor = Donor.find(wanted.donor(), context);
      Path root = instance.layout().data();
      Directories.deleteAll(root, STAGING);
      long bytes = donor.bytes();
      RestoreRules.checkRoom(bytes, Files.getFileStore(root).getUsableSpace());
      Path staging = Files.createTempDirectory(root, STAGING);
      try {
        return fill(donor, bytes, staging, context);
      } finally {
        if (!Replacement.isPending(layout)) {
          Directories.delete(staging);
        }
      }
    } catch (IOException e) {
      throw PluginException.retryable(
          "the data directory can't be replaced: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          e);
    }
  }

  private ActionResult fill(Donor donor, long bytes, Path staging, ActionContext context)
      throws IOException {
    Path made = staging.resolve("data");
    fetch(donor, bytes, made, staging, context);
    context.progress(new Progress(bytes, bytes, "opens the copy"));
    GtidSet executed = open(made, staging, context);
    context.progress(new Progress(bytes, bytes, "replaces the data"));
    Directories.flushAll(made);
    Optional<String> aside =
        Replacement.begin(DataLayout.of(context.instance()), made, clock.instant());
    var values = new LinkedHashMap<String, String>();
    values.put(LogicalBackup.GTID_SET, executed.toString());
    aside.ifPresent(one -> values.put("replaced", one));
    return new ActionResult(
        "the data of unit %s are here%s"
            .formatted(
                donor.unit(),
                aside
                    .map("; the former data are in %s until discard-replaced"::formatted)
                    .orElse("")),
        values);
  }

  private static void fetch(Donor donor, long bytes, Path made, Path staging, ActionContext context)
      throws IOException {
    Instance instance = context.instance();
    Path fresh = staging.resolve("fresh");
    context.progress(new Progress(0, bytes, "makes a data directory"));
    new FreshDirectory(context.processes(), DataLayout.of(instance))
        .make(fresh, staging, new byte[0]);
    try (PrivateServer server = PrivateServer.open(instance, context.processes(), fresh, staging)) {
      context.progress(new Progress(0, bytes, "copies"));
      server.execute(donor.statements(made), "unit %s can't be copied".formatted(donor.unit()));
      server.stop("");
    }
    Directories.delete(fresh);
  }

  /** Whom the donor follows, the copy doesn't; its accounts have the passwords of the Secret. */
  private static GtidSet open(Path made, Path staging, ActionContext context) {
    Instance instance = context.instance();
    try (PrivateServer server = PrivateServer.open(instance, context.processes(), made, staging)) {
      GtidSet executed = server.executed();
      server.execute("RESET REPLICA ALL;\n", "the copy can't be opened");
      server.finish(new AccountScript(instance, context.accounts()).forRestored());
      return executed;
    }
  }
}
