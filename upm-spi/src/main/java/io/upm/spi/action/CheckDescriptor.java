package io.upm.spi.action;

import java.util.Set;

/**
 * Says of an action that it checks all data of an instance that serves, which is all that is needed
 * to prove a backup by restoring it for trial. It fails when anything is damaged or missing; the
 * values of its result are kept with the backup. For its parameters it gets the values of the same
 * name that the backup's action told; it needs none.
 *
 * @param backups names of the plugin's actions whose backups it proves: each can be restored by
 *     itself into a set of its own
 */
public record CheckDescriptor(Set<String> backups) {
  public CheckDescriptor {
    backups = Set.copyOf(backups);
  }
}
