package io.upm.agent.report;

import io.upm.agent.report.Board.Posted;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The latest status, and who waits for another one; changes of gauges don't count. Safe for
 * concurrent use.
 */
public final class StatusBoard {
  private final Board<Status> status =
      new Board<>(Status.NONE, (before, next) -> !next.essence().equals(before.essence()));

  private final CountDownLatch settled = new CountDownLatch(1);

  /** Changes the status. The function must be quick. */
  public void update(UnaryOperator<Status> change) {
    status.update(change);
  }

  public Posted<Status> latest() {
    return status.latest();
  }

  /** Waits for a change after the given version, but no longer than the limit. */
  public void awaitAfter(long seen, Duration limit) throws InterruptedException {
    status.awaitAfter(seen, limit);
  }

  /**
   * From now on the status can be believed: it was looked at the process and, if there is one, at
   * the engine. A new agent must not tell of an engine that serves that it does not.
   */
  public void settle() {
    settled.countDown();
  }

  /**
   * Waits until the status can be believed, but no longer than the limit.
   *
   * @return whether it can be
   */
  public boolean awaitSettled(Duration limit) throws InterruptedException {
    return settled.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
