package io.upm.agent.report;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A value that changes, and who waits for another one. Safe for concurrent use. */
public final class Board<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BiPredicate<T, T> isNews;
  private T value;
  private long version = 1;

  /**
   * A value with the number of changes that led to it.
   *
   * @param version grows with each change
   */
  public record Posted<T>(T value, long version) {}

  /**
   * The first value.
   *
   * @param isNews whether what is second differs from what is first in a way that is worth waking
   *     anybody
   */
  public Board(T value, BiPredicate<T, T> isNews) {
    this.value = value;
    this.isNews = isNews;
  }

  /** Changes the value. The function must be quick. */
  public void update(UnaryOperator<T> change) {
    lock.lock();
    try {
      T next = change.apply(value);
      boolean news = isNews.test(value, next);
      value = next;
      if (news) {
        version++;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  public Posted<T> latest() {
    lock.lock();
    try {
      return new Posted<>(value, version);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change after the given version, but no longer than the limit. */
  public void awaitAfter(long seen, Duration limit) throws InterruptedException {
    await(posted -> posted.version() > seen, limit);
  }

  /** Waits for what the predicate accepts, but no longer than the limit. */
  public void await(Predicate<Posted<T>> wanted, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (!wanted.test(new Posted<>(value, version)) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
