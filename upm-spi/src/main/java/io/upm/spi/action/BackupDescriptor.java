package io.upm.spi.action;

import java.util.Objects;

/**
 * Says of an action that it makes backups, which is all that is needed to keep them, to make them
 * by schedule and to remove them. The result of such an action has the value {@value #LOCATION},
 * and those of {@value #BYTES} and {@value #STORED_BYTES} if they are known; all its other values
 * are kept with the backup.
 *
 * @param discard name of the plugin's action that removes a backup. Its parameter {@value #SOURCE}
 *     takes the location; for its other parameters it gets what those of the same name had when the
 *     backup was made. Removing what isn't there any more is no failure.
 */
public record BackupDescriptor(String discard) {
  /** Value with the place that a backup is at. */
  public static final String LOCATION = "backup";

  /** Value with the size of what was backed up. */
  public static final String BYTES = "bytes";

  /** Value with the size of what is stored. */
  public static final String STORED_BYTES = "storedBytes";

  /**
   * Value with the place of the backup that one goes on from, and can't be restored without; none
   * of one that stands by itself. What another one goes on from isn't removed before that.
   */
  public static final String BASE = "base";

  /** Parameter of the action that removes, for the location. */
  public static final String SOURCE = "source";

  public BackupDescriptor {
    Objects.requireNonNull(discard, "discard");
  }
}
