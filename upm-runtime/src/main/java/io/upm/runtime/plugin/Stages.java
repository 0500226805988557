package io.upm.runtime.plugin;

import io.upm.runtime.plugin.Refusal.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds on their way here, each on a virtual thread of its own. What failed for a reason that may
 * pass is tried again, later each time; what was refused is not.
 */
final class Stages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stages.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  /** How far a build came. */
  sealed interface State {
    /**
     * On its way.
     *
     * @param of how many bytes there are; 0 while that isn't known
     * @param trouble why the last attempt failed; empty during the first
     */
    record Running(Instant since, long bytes, long of, Optional<String> trouble) implements State {}

    /** Here and in order. */
    record Ready(Staged staged) implements State {}

    /** Not to be had. */
    record Refused(Reason reason, String sentence) implements State {}
  }

  private final Staging staging;
  private final FetchMeters meters;
  private final InstantSource clock;
  private final Map<Wish, Job> jobs = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  Stages(Staging staging, FetchMeters meters, InstantSource clock) {
    this.staging = staging;
    this.meters = meters;
    this.clock = clock;
  }

  /** Calls the listener with a plugin's id when one of its builds came further. */
  void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** How far a build came; sets out when nobody has. */
  State of(Wish wish) {
    return jobs.computeIfAbsent(wish, Job::new).begun().state;
  }

  /** Waits until a build is here or refused, or the time is over. */
  void await(Wish wish, Duration limit) throws InterruptedException {
    Job job = jobs.get(wish);
    if (job != null && !job.done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("plugin {} is not here yet: {}", wish.name(), job.state);
    }
  }

  /** Gives up all builds of a plugin but these. */
  void keepOnly(String id, Set<Wish> wishes) {
    jobs.values().stream()
        .filter(job -> job.wish.id().equals(id) && !wishes.contains(job.wish))
        .forEach(job -> {
          jobs.remove(job.wish, job);
          job.thread.interrupt();
          // Who still wants it asks for it again.
          job.tell();
        });
  }

  /** Digests of the builds that are here. */
  Set<String> digests() {
    var digests = new HashSet<String>();
    for (Job job : jobs.values()) {
      if (job.state instanceof State.Ready ready) {
        digests.add(ready.staged().archive().key().digest());
      }
    }
    return digests;
  }

  @Override
  public void close() {
    jobs.values().forEach(job -> job.thread.interrupt());
    jobs.clear();
  }

  private final class Job {
    private final Wish wish;
    private final Thread thread;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Instant since = clock.instant();
    private volatile Instant told = since;
    private volatile State state = new State.Running(since, 0, 0, Optional.empty());

    Job(Wish wish) {
      this.wish = wish;
      this.thread = Thread.ofVirtual().name("plugin-" + wish.id()).unstarted(this::run);
    }

    /** Not in the constructor: the thread must find the job in the map. */
    synchronized Job begun() {
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      }
      return this;
    }

    private void run() {
      Duration pause = FIRST_RETRY;
      try {
        while (!attempted()) {
          Thread.sleep(pause);
          pause =
              pause.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        done.countDown();
      }
    }

    /** Whether there is nothing to try again. */
    private boolean attempted() throws InterruptedException {
      try {
        become(new State.Ready(meters.measure(() -> staging.run(wish, this::arrived))));
        LOG.info("plugin {} is here", wish.name());
        return true;
      } catch (Refusal e) {
        LOG.warn("plugin {} is refused: {}", wish.name(), e.sentence());
        become(new State.Refused(e.reason(), e.sentence()));
        return true;
      } catch (IOException | RuntimeException e) {
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        LOG.warn("plugin {} can't be had yet: {}", wish.name(), why);
        become(new State.Running(since, 0, 0, Optional.of(why)));
        return false;
      } catch (LinkageError | StackOverflowError | AssertionError e) {
        become(new State.Refused(Reason.LOAD_FAILED, "plugin %s: %s".formatted(wish.name(), e)));
        return true;
      }
    }

    private void arrived(long bytes, long of) {
      state = new State.Running(since, bytes, of, Optional.empty());
      Instant now = clock.instant();
      if (!now.isBefore(told.plus(TELL_EVERY))) {
        told = now;
        tell();
      }
    }

    private void become(State next) {
      if (!Thread.currentThread().isInterrupted()) {
        state = next;
        tell();
      }
    }

    private void tell() {
      listeners.forEach(listener -> listener.accept(wish.id()));
    }
  }
}
