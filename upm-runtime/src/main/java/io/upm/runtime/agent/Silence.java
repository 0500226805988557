package io.upm.runtime.agent;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Notices which agents have said nothing for too long. One thread looks at all of them now and
 * then, as a timer for each would go off hundreds of times in a second in a fleet.
 */
final class Silence implements AutoCloseable {
  /** How exact the limit is: it is noticed so many parts of it late at most. */
  private static final int PARTS = 16;

  private final Duration limit;
  private final Set<ReportReader> readers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("agents-silence").factory());

  /**
   * Begins at once.
   *
   * @param limit how long an agent may say nothing
   */
  Silence(Duration limit) {
    this.limit = limit;
    long pause = limit.dividedBy(PARTS).toNanos();
    var unused = timer.scheduleAtFixedRate(this::look, pause, pause, TimeUnit.NANOSECONDS);
  }

  /** From now on, until it is {@link #forget forgotten}. */
  void watch(ReportReader reader) {
    readers.add(reader);
  }

  void forget(ReportReader reader) {
    readers.remove(reader);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    long now = System.nanoTime();
    readers.forEach(reader -> reader.endIfSilent(now, limit));
  }
}
