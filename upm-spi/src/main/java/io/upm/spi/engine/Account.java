package io.upm.spi.engine;

import java.util.Objects;

/**
 * A database account that UPM creates and uses. Its user name comes from an environment variable of
 * the UnitSet, its password from the key of that name in the UnitSet's Secret.
 *
 * @param purpose such as {@code admin}; how the plugin asks for it
 * @param variable environment variable with the user name, such as {@code ADM_USER}
 * @param defaultUser user name when the variable isn't set
 * @param required whether the Secret must hold its password; an account that is not is left out
 *     when the Secret has no such key
 * @param description one sentence for the reference pages
 */
public record Account(
    String purpose, String variable, String defaultUser, boolean required, String description) {
  public Account {
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(variable, "variable");
    Objects.requireNonNull(defaultUser, "defaultUser");
    Objects.requireNonNull(description, "description");
  }
}
