package io.upm.runtime.topology;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something that runs on a virtual thread of its own, and is interrupted when it takes too long.
 */
final class Attempt<T> {
  private final FutureTask<T> task;
  private final Thread thread;

  private Attempt(FutureTask<T> task, Thread thread) {
    this.task = task;
    this.thread = thread;
  }

  static <T> Attempt<T> start(String name, Callable<T> work) {
    var task = new FutureTask<>(work);
    return new Attempt<>(task, Thread.ofVirtual().name(name).start(task));
  }

  /**
   * The result. After the limit, or when the caller is interrupted, the thread is interrupted and
   * left to end by itself.
   */
  T within(Duration limit) throws ExecutionException, TimeoutException, InterruptedException {
    boolean ended = false;
    try {
      T result = task.get(Math.max(limit.toNanos(), 0), TimeUnit.NANOSECONDS);
      ended = true;
      return result;
    } catch (ExecutionException e) {
      ended = true;
      throw e;
    } finally {
      if (!ended) {
        thread.interrupt();
      }
    }
  }

  /** Whether it still runs, although nobody waits for it. */
  boolean running() {
    return thread.isAlive();
  }
}
