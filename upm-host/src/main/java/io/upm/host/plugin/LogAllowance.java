package io.upm.host.plugin;

import java.util.concurrent.TimeUnit;

/** How much may be written: so much at once, and so much a second on average. */
final class LogAllowance {
  /** How long after the last thing that was left out it is told about. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final long burst;
  private final long perSecond;
  private double left;
  private long refilled = System.nanoTime();
  private boolean dropped;
  private long lastDrop;

  LogAllowance(long burst, long perSecond) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.left = burst;
  }

  /** Whether so much more may be written now; if not, it is to be left out. */
  synchronized boolean take(int bytes) {
    long now = System.nanoTime();
    left = Math.min(burst, left + (now - refilled) * 1e-9 * perSecond);
    refilled = now;
    if (bytes > left) {
      dropped = true;
      lastDrop = now;
      return false;
    }
    left -= bytes;
    return true;
  }

  /** Whether something was left out lately. */
  synchronized boolean dropped() {
    dropped &= System.nanoTime() - lastDrop < REMEMBERED_NANOS;
    return dropped;
  }
}
