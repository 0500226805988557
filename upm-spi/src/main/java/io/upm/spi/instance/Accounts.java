package io.upm.spi.instance;

import io.upm.spi.Password;
import java.util.Optional;

/**
 * Passwords of an instance, read from the mounted Secret at each call, so that a rotation is seen.
 */
public interface Accounts {
  /** Password of the user, or empty when the Secret has no key of that name. */
  Optional<Password> password(String user);
}
