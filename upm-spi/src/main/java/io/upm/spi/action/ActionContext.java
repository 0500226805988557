package io.upm.spi.action;

import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;

/** What an action works with. */
public interface ActionContext {
  Instance instance();

  Accounts accounts();

  ProcessRunner processes();

  /** Tells how far the action is; cheap, may be called often. */
  void progress(Progress progress);

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
