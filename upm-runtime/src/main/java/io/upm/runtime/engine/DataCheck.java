package io.upm.runtime.engine;

import java.util.Set;

/**
 * How data that were restored for trial are checked.
 *
 * @param action name of the action
 * @param parameters names of its parameters
 */
public record DataCheck(String action, Set<String> parameters) {
  public DataCheck {
    parameters = Set.copyOf(parameters);
  }
}
