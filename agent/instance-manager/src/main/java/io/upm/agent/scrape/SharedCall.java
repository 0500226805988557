package io.upm.agent.scrape;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A call that may hang. However many ask for its result, it runs once at a time, and nobody waits
 * longer than its limit. Nobody gets a result of a call that had ended before they asked.
 */
final class SharedCall<T> {
  private final String name;
  private final Callable<T> call;
  private final Duration limit;
  private @Nullable Run<T> last;

  private record Run<T>(FutureTask<T> task, Thread thread) {}

  SharedCall(String name, Callable<T> call, Duration limit) {
    this.name = name;
    this.call = call;
    this.limit = limit;
  }

  /**
   * The result of a new call, or of the one that runs.
   *
   * @throws TimeoutException when it takes too long, or one that took too long still runs
   * @throws ExecutionException with what the call threw
   */
  T get() throws ExecutionException, TimeoutException, InterruptedException {
    FutureTask<T> task = join();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw tooLong();
    } catch (CancellationException e) {
      throw tooLong();
    }
  }

  private synchronized FutureTask<T> join() throws TimeoutException {
    Run<T> run = last;
    if (run != null && run.thread.isAlive()) {
      if (run.task.isCancelled()) {
        throw tooLong();
      }
      if (!run.task.isDone()) {
        return run.task;
      }
    }
    var task = new FutureTask<>(call);
    last = new Run<>(task, Thread.ofVirtual().name(name).start(task));
    return task;
  }

  private TimeoutException tooLong() {
    return new TimeoutException("no answer within %d ms".formatted(limit.toMillis()));
  }
}
