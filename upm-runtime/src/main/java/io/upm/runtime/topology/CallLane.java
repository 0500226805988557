package io.upm.runtime.topology;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a plugin for one object: one call at a time, each with a limit. A call that does
 * not end when it is interrupted keeps the lane to itself, so that a plugin never works on one
 * object twice at a time. Used by one thread.
 */
final class CallLane {
  private record Stuck(Attempt<?> attempt, String operation, Duration limit) {}

  private final String name;
  private @Nullable Stuck stuck;

  CallLane(String name) {
    this.name = name;
  }

  /**
   * @throws StuckCallException when it takes too long, or the one before still runs
   */
  <T> T call(String operation, Duration limit, Supplier<T> work) throws InterruptedException {
    Stuck before = stuck;
    if (before != null && before.attempt().running()) {
      throw new StuckCallException(before.operation(), before.limit());
    }
    stuck = null;
    Attempt<T> attempt = Attempt.start(name + "-" + operation, work::get);
    try {
      return attempt.within(limit);
    } catch (TimeoutException e) {
      stuck = new Stuck(attempt, operation, limit);
      throw new StuckCallException(operation, limit);
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    }
  }

  /** A supplier throws nothing else. */
  private static RuntimeException unchecked(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
