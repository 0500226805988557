package io.upm.runtime.engine;

import java.util.Set;

/**
 * How an engine's backups are removed.
 *
 * @param action name of the action
 * @param parameters names of its parameters
 */
public record BackupRemoval(String action, Set<String> parameters) {
  public BackupRemoval {
    parameters = Set.copyOf(parameters);
  }
}
