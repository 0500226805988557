package io.upm.agent.supervise;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets long work give way when the container ends. */
final class Interrupts {
  private @Nullable Thread worker;
  private boolean ended;

  /** Work that may be interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Does the work on this thread, or nothing when the end has come already. */
  void during(Work work) throws IOException {
    synchronized (this) {
      if (ended) {
        return;
      }
      worker = Thread.currentThread();
    }
    try {
      work.run();
    } finally {
      synchronized (this) {
        worker = null;
        // Was for the work, which is over.
        Thread.interrupted();
      }
    }
  }

  synchronized void end() {
    ended = true;
    if (worker != null) {
      worker.interrupt();
    }
  }
}
