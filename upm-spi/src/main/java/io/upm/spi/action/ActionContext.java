package io.upm.spi.action;

import io.upm.spi.Password;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import java.util.Optional;

/** What an action works with. */
public interface ActionContext {
  Instance instance();

  Accounts accounts();

  ProcessRunner processes();

  /**
   * A value of the Secret that the user named for this action, such as the key of an object store.
   * It is in memory only, and gone when the action ends.
   *
   * @param key key in the Secret
   * @return empty when the user named none, or it has no such key
   */
  default Optional<Password> secret(String key) {
    return Optional.empty();
  }

  /**
   * A store to keep data in, or to get them from.
   *
   * @throws UnsupportedOperationException when the agent is older than this method
   */
  default ObjectStore store(StoreLocation location) {
    throw new UnsupportedOperationException("this agent has no way to an object store");
  }

  /** Tells how far the action is; cheap, may be called often. */
  void progress(Progress progress);

  /** A line for the user, of which the last ones are shown; no secrets. */
  default void log(String line) {}

  /** Whether the user wants it to end; asked between steps. */
  boolean cancelled();

  /**
   * How far an action is.
   *
   * @param done bytes or items done
   * @param total how many there are, or 0 when that is not known
   * @param message what is being done
   */
  record Progress(long done, long total, String message) {}
}
