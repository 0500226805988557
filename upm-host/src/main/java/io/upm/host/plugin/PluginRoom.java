package io.upm.host.plugin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the code of one build of a plugin runs in a process that it shares with others: on threads
 * of its own, with somebody who waits for them only for so long, and with a limit to what it logs.
 */
final class PluginRoom {
  private static final ScopedValue<PluginRoom> HERE = ScopedValue.newInstance();

  /** Between two looks at the processors. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final PluginKey key;
  private final Containment limits;
  private final Runnable onTrouble;
  private final PluginThreads threads;
  private final Semaphore patience;
  private final LogAllowance log;
  private final Set<Run<?>> lost = ConcurrentHashMap.newKeySet();

  /**
   * @param onTrouble called when what {@link #trouble} says may have changed
   */
  PluginRoom(PluginKey key, Containment limits, Runnable onTrouble) {
    this.key = key;
    this.limits = limits;
    this.onTrouble = onTrouble;
    this.threads = new PluginThreads(key);
    this.patience = new Semaphore(limits.patient());
    this.log = new LogAllowance(limits.logBurst(), limits.logPerSecond());
  }

  /** One piece of work on a thread of the plugin. */
  private final class Run<T> {
    private final String operation;
    private final FutureTask<T> task;
    private final Thread thread;

    Run(String operation, Supplier<T> work) {
      this.operation = operation;
      this.task = new FutureTask<>(() -> here(work));
      this.thread = threads.unstarted("plugin-" + key.id() + "-" + operation, this::run);
    }

    private void run() {
      try {
        task.run();
      } finally {
        if (lost.remove(this)) {
          onTrouble.run();
        }
      }
    }

    /** Looks twice what the processors are at, should it take long. */
    T await(Duration limit) throws TimeoutException, InterruptedException {
      Duration left = limit;
      for (Duration look : List.of(limits.brisk(), LOOK)) {
        if (left.compareTo(look) > 0) {
          try {
            return get(look);
          } catch (TimeoutException e) {
            threads.look();
            left = left.minus(look);
          }
        }
      }
      return get(left);
    }

    private T get(Duration limit) throws TimeoutException, InterruptedException {
      try {
        return task.get(Math.max(limit.toNanos(), 0), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw unchecked(e.getCause());
      }
    }

    /** Nobody waits any more. */
    StuckCallException giveUp(Duration after) {
      threads.look();
      lost.add(this);
      thread.interrupt();
      // It may have ended, and looked whether it is lost, just before.
      if (!running()) {
        lost.remove(this);
      }
      onTrouble.run();
      return StuckCallException.after(after, key, operation, this::running);
    }

    boolean running() {
      return !task.isDone();
    }
  }

  /** The room whose code runs on this thread. */
  static Optional<PluginRoom> current() {
    return HERE.isBound() ? Optional.of(HERE.get()) : Optional.empty();
  }

  boolean isHere() {
    return HERE.isBound() && HERE.get() == this;
  }

  /** Runs work on this thread, as the plugin's. */
  <T> T here(Supplier<T> work) {
    return ScopedValue.where(HERE, this).call(work::get);
  }

  /**
   * A short call, from whatever thread of the host.
   *
   * @throws StuckCallException when it takes too long, or too many calls don't end
   */
  <T> T call(String operation, Supplier<T> work) throws InterruptedException {
    refuseWhenLost(operation);
    Run<T> run = start(operation, work);
    try {
      return brisk(run);
    } catch (InterruptedException e) {
      run.thread.interrupt();
      throw e;
    }
  }

  /**
   * Work that calls the plugin, with a limit of its own.
   *
   * @throws StuckCallException when it takes too long
   */
  <T> T within(String operation, Duration limit, Supplier<T> work) throws InterruptedException {
    Run<T> run = start(operation, work);
    try {
      return run.await(limit);
    } catch (TimeoutException e) {
      throw run.giveUp(limit);
    } catch (InterruptedException e) {
      run.thread.interrupt();
      throw e;
    }
  }

  /** What is amiss, in a sentence that stays the same as long as that does. */
  Optional<String> trouble() {
    var said = new TreeSet<String>();
    if (!lost.isEmpty()) {
      said.add(stuck());
    }
    if (log.dropped()) {
      said.add("it logs more than it may, so part of its log is left out");
    }
    return said.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", said));
  }

  /** Whether the plugin may log so much more now. */
  boolean mayLog(int bytes) {
    boolean before = log.dropped();
    boolean may = log.take(bytes);
    if (!may && !before) {
      onTrouble.run();
    }
    return may;
  }

  private <T> T brisk(Run<T> run) throws InterruptedException {
    try {
      return run.await(limits.brisk());
    } catch (TimeoutException e) {
      threads.look();
      if (!patience.tryAcquire()) {
        throw run.giveUp(limits.brisk());
      }
    }
    try {
      return run.await(limits.call().minus(limits.brisk()));
    } catch (TimeoutException e) {
      throw run.giveUp(limits.call());
    } finally {
      patience.release();
    }
  }

  private <T> Run<T> start(String operation, Supplier<T> work) {
    var run = new Run<>(operation, work);
    run.thread.start();
    return run;
  }

  private void refuseWhenLost(String operation) {
    if (lost.size() >= limits.lost()) {
      throw StuckCallException.refused(key, operation, stuck(), () -> lost.size() >= limits.lost());
    }
  }

  private String stuck() {
    var operations = new TreeSet<String>();
    lost.forEach(run -> operations.add(run.operation));
    return "calls don't end although they were interrupted: " + String.join(", ", operations);
  }

  /** Calls throw nothing else: {@link LoadedPlugin} contains them. */
  private static RuntimeException unchecked(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
