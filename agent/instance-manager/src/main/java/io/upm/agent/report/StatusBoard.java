package io.upm.agent.report;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** The latest status, and who waits for another one. Safe for concurrent use. */
public final class StatusBoard {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Status status = Status.NONE;
  private long version = 1;
  private boolean settled;

  /**
   * A status with the number of changes that led to it; changes of gauges don't count.
   *
   * @param version grows with each change
   */
  public record Posted(Status status, long version) {}

  /** Changes the status. The function must be quick. */
  public void update(UnaryOperator<Status> change) {
    lock.lock();
    try {
      Status next = change.apply(status);
      boolean news = !next.essence().equals(status.essence());
      status = next;
      if (news) {
        version++;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on the status can be believed: it was looked at the process and, if there is one, at
   * the engine. A new agent must not tell of an engine that serves that it does not.
   */
  public void settle() {
    lock.lock();
    try {
      settled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public Posted latest() {
    lock.lock();
    try {
      return new Posted(status, version);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the status can be believed, but no longer than the limit. */
  public void awaitSettled(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (!settled && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change after the given version, but no longer than the limit. */
  public void awaitAfter(long seen, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (version <= seen && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
