package io.upm.spi.action;

import java.util.Optional;

/** Something that can be done beside the database, such as a backup. */
public interface AgentAction<P extends Record> {
  ActionDescriptor<P> descriptor();

  /** What is to be known of the backups that it makes; empty for an action that makes none. */
  default Optional<BackupDescriptor> backup() {
    return Optional.empty();
  }

  /** What it gives the engine as objects declare it; empty for an action that is for no object. */
  default Optional<ProvisionDescriptor> provision() {
    return Optional.empty();
  }

  /** Which backups it proves; empty for an action that checks no data. */
  default Optional<CheckDescriptor> check() {
    return Optional.empty();
  }

  /**
   * Whether it makes an instance out of an empty data volume, so that a {@code UnitSet} can begin
   * with what it restores ({@code spec.restoreFrom}). Such an action needs an engine that is
   * stopped. It is begun on a volume without an instance, with the engine's configuration in place;
   * should there be one nevertheless, it does not touch it unless a parameter says so.
   */
  default boolean restores() {
    return false;
  }

  /**
   * Does it. Runs on a thread of its own, which is interrupted when the action is cancelled.
   *
   * @throws io.upm.spi.PluginException when it failed
   */
  ActionResult run(P parameters, ActionContext context);
}
