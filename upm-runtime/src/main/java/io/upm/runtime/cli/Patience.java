package io.upm.runtime.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/** Looks until something is so, and tells each change on the way. */
final class Patience {
  /**
   * What was found.
   *
   * @param found what was seen
   * @param done whether it is as awaited
   * @param told how it is, in a few words; told once, empty for nothing
   */
  record Look<T>(T found, boolean done, String told) {}

  /** What can be waited on between two looks. */
  @FunctionalInterface
  interface Pause {
    void await() throws InterruptedException;
  }

  private final Pause pause;
  private final PrintWriter progress;

  Patience(Pause pause, PrintWriter progress) {
    this.pause = pause;
    this.progress = progress;
  }

  /**
   * Waits.
   *
   * @return the last look, which is done unless the time was over
   */
  <T> Look<T> until(Duration limit, Supplier<Look<T>> looks) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    String told = "";
    while (true) {
      Look<T> look = looks.get();
      if (!look.told().equals(told) && !look.told().isEmpty()) {
        progress.println((look.done() ? "" : "waiting: ") + look.told());
        progress.flush();
        told = look.told();
      }
      if (look.done() || System.nanoTime() >= end) {
        return look;
      }
      pause.await();
    }
  }
}
