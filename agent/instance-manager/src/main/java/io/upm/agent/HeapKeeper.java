package io.upm.agent;

/**
 * Has garbage collected when the heap has grown. The serial collector empties its old generation
 * only when that is as large as it may be: without this an agent with 10 MiB of objects would hold
 * three times as much, however little it does.
 */
final class HeapKeeper {
  private static final long GROWTH_BYTES = 2L << 20;

  private long settledBytes;

  /** Collects if it is worth it, which takes some 20 ms. */
  void look() {
    if (Runtime.getRuntime().totalMemory() - settledBytes >= GROWTH_BYTES) {
      System.gc();
      settledBytes = Runtime.getRuntime().totalMemory();
    }
  }
}
