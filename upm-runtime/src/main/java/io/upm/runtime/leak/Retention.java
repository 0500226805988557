package io.upm.runtime.leak;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a class loader that nobody should know any more is still in memory. Dumps the heap,
 * which stops the process for about a second for each 200 MiB, reads the dump, and deletes it.
 */
public final class Retention {
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  /** Where the loader is found in the dump: the only object of its class. */
  private record Suspect(WeakReference<ClassLoader> loader) {}

  private static volatile @Nullable Suspect suspect;

  private Retention() {}

  /**
   * One line with what holds the loader: a thread, a static field, and the way from there.
   *
   * @param loader that should be gone
   * @param directory where there is room for a dump of the heap; nothing is left in it
   * @return empty when the loader is gone by now
   * @throws IOException when there is no room, or the heap can't be dumped
   */
  public static Optional<String> explain(WeakReference<ClassLoader> loader, Path directory)
      throws IOException {
    ONE_AT_A_TIME.lock();
    try {
      suspect = new Suspect(loader);
      return explain(directory);
    } finally {
      suspect = null;
      ONE_AT_A_TIME.unlock();
    }
  }

  private static Optional<String> explain(Path directory) throws IOException {
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    if (Files.getFileStore(directory).getUsableSpace() < 2 * used) {
      throw new IOException("no room for a dump of the heap of %d MiB".formatted(used >> 20));
    }
    Path folder = Files.createTempDirectory(directory, "leak-");
    Path file = folder.resolve("heap.hprof");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(file.toString(), true);
      var dump = new HeapDump(file);
      var names = new HeapNames(dump);
      long found = names.suspect(Suspect.class);
      return found == 0 ? Optional.empty() : RetainingPath.to(found, dump, names);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
