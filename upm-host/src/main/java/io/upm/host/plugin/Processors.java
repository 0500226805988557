package io.upm.host.plugin;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that carry a plugin's virtual threads. One that computes without end is given the
 * lowest priority there is, so that it gets what nobody else wants; there is no way back for it.
 */
final class Processors {
  private static final Logger LOG = LoggerFactory.getLogger(Processors.class);

  /** More than one, so that a call that is stuck in a native frame doesn't stop the next. */
  private static final int COUNT = 2;

  /** Idle ones end, and nothing has to be closed. */
  private static final int IDLE_SECONDS = 5;

  private static final int LOWEST_PRIORITY = 19;
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final double BUSY = 0.3;

  private final PluginKey key;
  private final Set<Processor> processors = ConcurrentHashMap.newKeySet();
  private final ForkJoinPool pool;

  Processors(PluginKey key) {
    this.key = key;
    this.pool =
        new ForkJoinPool(
            COUNT, Processor::new, null, true, 0, COUNT, 1, null, IDLE_SECONDS, TimeUnit.SECONDS);
  }

  ForkJoinPool pool() {
    return pool;
  }

  /** To be called twice or more while a call takes long: looks what they did in between. */
  void look() {
    processors.forEach(Processor::look);
  }

  private final class Processor extends ForkJoinWorkerThread {
    private volatile String task = "";
    private long seen;
    private long used = -1;
    private boolean lowered;

    Processor(ForkJoinPool pool) {
      super(null, pool, true);
      setName("plugin-" + key.id());
    }

    @Override
    protected void onStart() {
      task = Native.task();
      processors.add(this);
    }

    @Override
    protected void onTermination(Throwable failure) {
      processors.remove(this);
    }

    synchronized void look() {
      long now = System.nanoTime();
      if (lowered || now - seen < SHORTEST_NANOS) {
        return;
      }
      long cpu = Native.THREADS.getThreadCpuTime(threadId());
      if (used >= 0 && cpu - used > BUSY * (now - seen) && !task.isEmpty()) {
        lowered = Native.lower(task);
        LOG.warn("plugin {} computes without end; its thread has the lowest priority now", key);
      }
      seen = now;
      used = cpu;
    }
  }

  /** What Java has no words for. Loaded when a plugin is slow for the first time. */
  private static final class Native {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** The kernel's number of this thread; empty where there is none. */
    static String task() {
      try {
        return String.valueOf(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
      } catch (IOException | UnsupportedOperationException e) {
        return "";
      }
    }

    /** On Linux a priority is a thread's, whatever its manual says of processes. */
    static boolean lower(String task) {
      try {
        Linker linker = Linker.nativeLinker();
        MethodHandle setPriority =
            linker.downcallHandle(
                linker.defaultLookup().find("setpriority").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));
        return (int) setPriority.invokeExact(0, Integer.parseInt(task), LOWEST_PRIORITY) == 0;
      } catch (Throwable e) {
        LOG.warn("the priority of a thread can't be lowered here: {}", e.toString());
        return true;
      }
    }
  }
}
