package io.upm.runtime.topology;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.StuckCallException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a plugin for one object: one call at a time, each with a limit. A call that does
 * not end when it is interrupted keeps the lane to itself, so that a plugin never works on one
 * object twice at a time. Used by one thread.
 */
final class CallLane {
  private @Nullable StuckCallException stuck;

  /**
   * Runs the work on a thread of the plugin.
   *
   * @throws StuckCallException when it takes too long, or the one before still runs
   */
  <T> T call(LoadedPlugin plugin, String operation, Duration limit, Supplier<T> work)
      throws InterruptedException {
    StuckCallException before = stuck;
    if (before != null && before.running()) {
      throw before;
    }
    stuck = null;
    try {
      return plugin.within(operation, limit, work);
    } catch (StuckCallException e) {
      stuck = e;
      throw e;
    }
  }
}
