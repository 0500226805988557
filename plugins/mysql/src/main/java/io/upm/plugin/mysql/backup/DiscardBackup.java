package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.ObjectStore;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes a backup from its store, and nothing that is none. */
public final class DiscardBackup implements AgentAction<DiscardBackup.Wanted> {
  static final String NAME = "discard-backup";

  /**
   * Parameters of the action.
   *
   * @param source place of the backup
   * @param endpoint URL of the store
   * @param region its region
   */
  public record Wanted(
      @JsonPropertyDescription("Place of the backup, as its action told it.") @NotBlank
          String source,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region) {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>(NAME, Wanted.class, true, Engine.ANY, false);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    Place place = Place.of("source", wanted.source());
    ObjectStore store = context.store(place.location(wanted.endpoint(), wanted.region(), context));
    List<String> keys = store.list(place.prefix());
    if (keys.isEmpty()) {
      return new ActionResult("there is no backup %s any more".formatted(place), Map.of());
    }
    Optional<String> foreign = foreign(place.prefix(), keys);
    if (foreign.isPresent()) {
      throw Place.wrong(
          "source",
          wanted.source(),
          "the place of one backup; there is also an object %s".formatted(foreign.get()));
    }
    Archive.open(place.parent(), store)
        .dependent(place)
        .ifPresent(link -> {
          throw PluginException.user(
              "%s goes on from it and can't be restored without: discard that first"
                  .formatted(link.place()));
        });
    // First: what is left if the rest fails is no backup, and isn't taken for one.
    store.remove(place.prefix() + BackupManifest.NAME);
    store.remove(place.prefix());
    return new ActionResult("backup %s is removed".formatted(place), Map.of());
  }

  /**
   * An object that is no part of a backup at that place; a bucket must not be emptied by mistake.
   */
  static Optional<String> foreign(String prefix, List<String> keys) {
    Set<String> parts = Set.of(BackupManifest.NAME, LogicalBackup.DATA, PhysicalBackup.DATA);
    return keys.stream()
        .filter(key -> {
          String name = key.substring(prefix.length());
          return !parts.contains(name) && !BinlogBackup.FILE.matcher(name).matches();
        })
        .findFirst();
  }
}
