package io.upm.acceptance.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes keys one after the other, and remembers those that were acknowledged. */
final class EtcdWriter implements AutoCloseable {
  private static final long PERIOD_MILLIS = 20;

  private final String host;
  private final String prefix;
  private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Thread thread;
  private volatile Duration longest = Duration.ZERO;

  private EtcdWriter(String host, String prefix) {
    this.host = host;
    this.prefix = prefix;
    this.thread = Thread.ofVirtual().name("etcd-writer").start(this::write);
  }

  static EtcdWriter start(String host, String prefix) {
    return new EtcdWriter(host, prefix);
  }

  int acknowledgedSoFar() {
    return acknowledged.size();
  }

  /** Longest time between two acknowledged writes. */
  Duration longestPause() {
    return longest;
  }

  /** Ends the writing. */
  Set<String> stop() {
    close();
    return Set.copyOf(acknowledged);
  }

  private void write() {
    long last = System.nanoTime();
    for (int number = 0; running.get(); number++) {
      // Each with a client of its own: none is bound to a member that goes.
      try (EtcdClient client = EtcdClient.at(host)) {
        String key = "%s%08d".formatted(prefix, number);
        client.put(key, "written");
        acknowledged.add(key);
        Duration pause = Duration.ofNanos(System.nanoTime() - last);
        longest = pause.compareTo(longest) > 0 ? pause : longest;
        last = System.nanoTime();
        // A rate, not a wait for a condition.
        TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
      } catch (IOException e) {
        // Not acknowledged: whether it was done isn't known, and the next key is another one.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    running.set(false);
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
