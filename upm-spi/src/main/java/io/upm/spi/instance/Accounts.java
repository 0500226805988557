package io.upm.spi.instance;

import io.upm.spi.Password;
import java.util.Optional;

/**
 * Passwords of an instance, asked for at each use, so that a change is seen: those that the engine
 * was last seen to take, and before the first time those of the mounted Secret.
 */
public interface Accounts {
  /** Password of the user, or empty when the Secret has no key of that name. */
  Optional<Password> password(String user);
}
