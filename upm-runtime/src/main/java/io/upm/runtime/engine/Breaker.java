package io.upm.runtime.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the last calls of a build ended, operation by operation. Trips when half of an operation's
 * last calls failed, and some did; so neither one object that is odd nor one bad moment trips it.
 * Safe for concurrent use.
 */
public final class Breaker {
  /** Calls of an operation that are remembered. */
  static final int LAST = 10;

  /** That many of them have to fail. */
  static final int TOO_MANY = 5;

  private final Runnable onTrip;
  private final Map<String, Calls> operations = new TreeMap<>();
  private long calls;
  private long faults;

  /** What failed too often. */
  public record Trip(String operation, int faults, int of, String last) {
    /** Without the plugin's name, which the reader knows. */
    public String sentence() {
      return "%s failed in %d of its last %d calls; the last time: %s"
          .formatted(operation, faults, of, last);
    }
  }

  /** Calls since the build began to serve, and how many of them failed. */
  public record Tally(long calls, long faults) {
    public static final Tally NONE = new Tally(0, 0);
  }

  private static final class Calls {
    private final Deque<Boolean> failed = new ArrayDeque<>();
    private String last = "";

    private int faults() {
      return (int) failed.stream().filter(one -> one).count();
    }

    private void ended(boolean fault) {
      if (failed.size() == LAST) {
        failed.removeFirst();
      }
      failed.addLast(fault);
    }
  }

  /**
   * @param onTrip called when it trips, by whoever made the call
   */
  Breaker(Runnable onTrip) {
    this.onTrip = onTrip;
  }

  synchronized void returned(String operation) {
    calls++;
    operations.computeIfAbsent(operation, name -> new Calls()).ended(false);
  }

  void failed(String operation, String why) {
    boolean trips;
    synchronized (this) {
      boolean before = trip().isPresent();
      calls++;
      faults++;
      Calls of = operations.computeIfAbsent(operation, name -> new Calls());
      of.ended(true);
      of.last = why;
      trips = !before && trip().isPresent();
    }
    if (trips) {
      onTrip.run();
    }
  }

  /** Forgets everything, when the build is given another chance. */
  synchronized void reset() {
    operations.clear();
    calls = 0;
    faults = 0;
  }

  /** The first operation that fails too often; empty while none does. */
  public synchronized Optional<Trip> trip() {
    return operations.entrySet().stream()
        .filter(entry -> entry.getValue().faults() >= TOO_MANY)
        .findFirst()
        .map(entry ->
            new Trip(
                entry.getKey(),
                entry.getValue().faults(),
                entry.getValue().failed.size(),
                entry.getValue().last));
  }

  public synchronized Tally tally() {
    return new Tally(calls, faults);
  }
}
