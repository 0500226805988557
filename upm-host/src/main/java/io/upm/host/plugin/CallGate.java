package io.upm.host.plugin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the calls that are inside a plugin, and lets no new one in once it is shut. */
final class CallGate {
  /** What a call is, which decides whether a shut gate lets it in. */
  enum Entry {
    /** A call of its own: not let in. */
    NEW,
    /** Part of a call that is inside: let in as long as one is. */
    WITHIN,
    /** The host tidying up: always let in. */
    LAST
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();
  private final Map<String, Integer> running = new TreeMap<>();
  private int inFlight;
  private boolean open = true;

  /** Whether the call may go in; each that did is followed by {@link #leave}. */
  boolean enter(String operation, Entry entry) {
    lock.lock();
    try {
      boolean admitted =
          switch (entry) {
            case NEW -> open;
            case WITHIN -> open || inFlight > 0;
            case LAST -> true;
          };
      if (admitted) {
        running.merge(operation, 1, Integer::sum);
        inFlight++;
      }
      return admitted;
    } finally {
      lock.unlock();
    }
  }

  void leave(String operation) {
    lock.lock();
    try {
      running.computeIfPresent(operation, (name, count) -> count == 1 ? null : count - 1);
      inFlight--;
      if (inFlight == 0) {
        empty.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void shut() {
    lock.lock();
    try {
      open = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is inside at the end of the wait. */
  boolean awaitEmpty(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (inFlight > 0 && left > 0) {
        left = empty.awaitNanos(left);
      }
      return inFlight == 0;
    } finally {
      lock.unlock();
    }
  }

  int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  List<String> running() {
    lock.lock();
    try {
      return List.copyOf(running.keySet());
    } finally {
      lock.unlock();
    }
  }
}
