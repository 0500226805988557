package io.upm.host.plugin;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A class loader, without keeping it. */
final class LoaderReference {
  private static final long FIRST_WAIT_MILLIS = 20;

  private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
  private final WeakReference<ClassLoader> reference;

  LoaderReference(ClassLoader loader) {
    reference = new WeakReference<>(loader, queue);
  }

  @Nullable ClassLoader get() {
    return reference.get();
  }

  WeakReference<ClassLoader> weak() {
    return reference;
  }

  /** Collects garbage, less and less often, until the loader is gone or the time is over. */
  boolean awaitCollected(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    long wait = FIRST_WAIT_MILLIS;
    System.gc();
    while (!reference.refersTo(null)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      queue.remove(Math.min(wait, left));
      wait *= 2;
      System.gc();
    }
    return true;
  }
}
