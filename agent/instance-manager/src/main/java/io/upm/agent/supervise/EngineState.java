package io.upm.agent.supervise;

import io.upm.agent.engine.DetachedEngine;
import io.upm.agent.engine.EngineRun;
import io.upm.agent.supervise.Situation.Engine;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run of the engine that there is, and whether it was asked to stop. One thread only. */
final class EngineState {
  private static final Logger LOG = LoggerFactory.getLogger(EngineState.class);

  private final DetachedEngine engine;
  private @Nullable EngineRun run;
  private long sinceNanos;
  private boolean stopping;
  private long deadlineNanos;
  private boolean killed;
  private boolean answered;

  /**
   * A run that has ended.
   *
   * @param how half a sentence
   * @param asked whether it was asked to
   * @param ranFor how long it ran, as far as this agent saw it
   */
  record Ended(String how, boolean asked, Duration ranFor) {}

  EngineState(DetachedEngine engine) {
    this.engine = engine;
  }

  /** Takes up the engine that an earlier agent started. */
  void recover(long nowNanos) throws IOException {
    Optional<EngineRun> found = engine.find();
    if (found.isPresent()) {
      run = found.get();
      sinceNanos = nowNanos;
      answered = engine.hasAnswered(found.get());
      LOG.info("the engine runs as process {}", found.get().pid());
    }
  }

  /** Looks whether the engine is still there. */
  Optional<Ended> look(long nowNanos) {
    EngineRun current = run;
    if (current == null || engine.exists(current)) {
      return Optional.empty();
    }
    var ended =
        new Ended(engine.ending(current), stopping, Duration.ofNanos(nowNanos - sinceNanos));
    run = null;
    stopping = false;
    killed = false;
    answered = false;
    return Optional.of(ended);
  }

  boolean hasEnded() {
    EngineRun current = run;
    return current != null && !engine.exists(current);
  }

  Engine state(long nowNanos) {
    if (run == null) {
      return Engine.ABSENT;
    }
    if (!stopping) {
      return Engine.PRESENT;
    }
    return nowNanos - deadlineNanos >= 0 ? Engine.OVERDUE : Engine.STOPPING;
  }

  void start(ProcessSpec spec, String configDigest, long nowNanos) throws IOException {
    EngineRun started = engine.start(spec, configDigest);
    run = started;
    sinceNanos = nowNanos;
    LOG.info("the engine is started as process {}", started.pid());
  }

  void stop(StopRequest request, long nowNanos) throws IOException {
    engine.signal(request.signal());
    stopping = true;
    deadlineNanos = nowNanos + request.patience().toNanos();
    LOG.info(
        "the engine is asked to stop: {}, {} s of patience",
        request.signal(),
        request.patience().toSeconds());
  }

  /** The container ends: whatever was promised before, there is no more time than that. */
  void hurry(Duration budget, long nowNanos) {
    if (stopping) {
      deadlineNanos = Math.min(deadlineNanos, nowNanos + budget.toNanos());
    }
  }

  void kill() throws IOException {
    if (!killed) {
      LOG.warn("the engine did not stop in time and is killed");
      engine.kill();
      killed = true;
    }
  }

  /**
   * Notes that a run has answered a probe.
   *
   * @return whether it is its first answer
   */
  boolean answered(EngineRun by) throws IOException {
    boolean first = by.equals(run) && !answered;
    if (first) {
      answered = true;
      engine.noteAnswer(by);
    }
    return first;
  }

  boolean hasAnswered() {
    return answered;
  }

  Optional<EngineRun> run() {
    return Optional.ofNullable(run);
  }

  int starts() {
    return engine.starts();
  }
}
