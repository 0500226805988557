package io.upm.agent.supervise;

import io.upm.agent.config.LiveConfig;
import io.upm.agent.engine.EngineRun;
import io.upm.agent.report.Phase;
import io.upm.agent.report.Status;
import io.upm.agent.supervise.Situation.Config;
import io.upm.agent.supervise.Situation.Data;
import io.upm.agent.supervise.Situation.Engine;
import io.upm.agent.supervise.Situation.Given;
import io.upm.agent.supervise.Situation.Wish;
import io.upm.host.document.InstanceDocument;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One turn of supervision: look, decide, tell, do. One thread only, but for {@link #watched}. */
final class EngineKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(EngineKeeper.class);

  /** For a stop that no Pod's end presses: killing an engine costs more than waiting for it. */
  private static final Duration UNHURRIED = Duration.ofHours(1);

  private final Parts parts;
  private final Path run;
  private final Duration stopBudget;
  private final Interrupts interrupts;
  private final EngineState engine;
  private final ConfigState config;
  private final Restarts restarts = new Restarts();
  private volatile @Nullable Watched watched;
  private Backoff backoff = Backoff.none(System.nanoTime());
  private Trouble trouble = Trouble.NONE;
  private boolean terminating;
  private boolean paused;
  private boolean awaitsRestore;
  private boolean held;

  private record Trouble(Phase phase, String reason) {
    static final Trouble NONE = new Trouble(Phase.WAITING, "");
  }

  /** What is at hand; {@code lacking} says why there is no target. */
  private record Hand(
      Optional<InstanceDocument> document, Optional<Target> target, String lacking) {}

  EngineKeeper(Parts parts, Path run, Duration stopBudget, Interrupts interrupts) {
    this.parts = parts;
    this.run = run;
    this.stopBudget = stopBudget;
    this.interrupts = interrupts;
    this.engine = new EngineState(parts.engine());
    this.config = new ConfigState(parts.configs(), parts.live());
  }

  /** Takes up what an earlier agent left. */
  void recover() throws IOException {
    engine.recover(System.nanoTime());
    config.recover();
  }

  /** Something to work with has changed: worth trying at once. */
  void hurry() {
    backoff = backoff.hurried(System.nanoTime());
  }

  void terminate() {
    terminating = true;
    engine.hurry(stopBudget, System.nanoTime());
  }

  void restart(CompletableFuture<@Nullable Void> done) {
    restarts.add(done);
    hurry();
  }

  /** Keeps the engine stopped, if it is, until it is released. */
  void hold(CompletableFuture<@Nullable Void> done) {
    boolean rests = awaitsRestore || wish(parts.documents().current()) == Wish.STOPPED;
    if (engine.run().isEmpty() && rests) {
      held = true;
      done.complete(null);
    } else {
      done.completeExceptionally(
          new IllegalStateException(
              "the engine is not stopped, which the action needs: set spec.startup of the Unit to"
                  + " false"));
    }
  }

  void release() {
    held = false;
    awaitsRestore = false;
    hurry();
  }

  void answered(EngineRun by) {
    try {
      if (engine.answered(by)) {
        config.engineAnswers(by);
      }
    } catch (IOException e) {
      LOG.warn("can't note that the engine answered", e);
    }
  }

  Optional<Watched> watched() {
    return Optional.ofNullable(watched);
  }

  /** Whether a turn would find more than the last one: cheap, for between two turns. */
  boolean isDue() {
    long now = System.nanoTime();
    return engine.hasEnded()
        || engine.state(now) == Engine.OVERDUE
        || paused && !backoff.pausing(now);
  }

  /** Does what is to be done next; failures are told and tried again after a pause. */
  Step turn() {
    try {
      engine.look(System.nanoTime()).ifPresent(this::ended);
      Hand hand = hand();
      Situation situation = situation(hand);
      Step step = Decision.next(situation);
      if (restarts.asked()) {
        restarts.failUnlessLedTo(step, lacking(hand));
      }
      paused = step == Step.PAUSE;
      awaitsRestore = step == Step.AWAIT_RESTORE || held && awaitsRestore;
      tell(step, hand);
      act(step, hand.target(), situation.data() == Data.INITIALIZED);
      return step;
    } catch (PluginDrainedException e) {
      LOG.debug("the plugin was replaced: {}", e.getMessage());
    } catch (PluginException e) {
      failed(String.valueOf(e.getMessage()), e.kind() == PluginException.Kind.USER ? null : e);
    } catch (PluginFault | IOException e) {
      failed(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      failed("the agent failed: " + e, e);
    }
    return Step.PAUSE;
  }

  private void ended(EngineState.Ended ended) {
    config.engineEnded();
    if (ended.asked()) {
      LOG.info("the engine {}", ended.how());
      return;
    }
    LOG.warn("the engine {} without being asked", ended.how());
    backoff = backoff.died(System.nanoTime(), ended.ranFor());
    trouble = new Trouble(Phase.CRASHED, "the engine " + ended.how());
  }

  private Hand hand() {
    Optional<InstanceDocument> document = parts.documents().current();
    if (document.isEmpty()) {
      return new Hand(document, Optional.empty(), "there is no instance document yet");
    }
    var plugin = parts.plugins().active();
    if (plugin.isEmpty()) {
      String problem = parts.plugins().problem();
      return new Hand(
          document, Optional.empty(), problem.isEmpty() ? "there is no plugin yet" : problem);
    }
    try {
      return new Hand(document, Optional.of(Target.of(document.get(), plugin.get(), run)), "");
    } catch (PluginException e) {
      return new Hand(document, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private Situation situation(Hand hand) {
    long now = System.nanoTime();
    Wish wish = wish(hand.document());
    Engine present = engine.state(now);
    boolean pausing = backoff.pausing(now);
    Given given =
        hand.document().isEmpty()
            ? Given.NO_DOCUMENT
            : hand.target().isEmpty() ? Given.NO_PLUGIN : Given.ALL;
    boolean matters = (wish == Wish.RUN || wish == Wish.RESTART) && !pausing;
    return new Situation(
        wish,
        given,
        present,
        hand.target().map(to -> config.of(to, now)).orElse(Config.DUE),
        present != Engine.ABSENT ? Data.INITIALIZED : matters ? data(hand.target()) : Data.EMPTY,
        pausing);
  }

  private Wish wish(Optional<InstanceDocument> document) {
    if (terminating) {
      return Wish.END;
    }
    if (held || document.isPresent() && !document.get().running()) {
      return Wish.STOPPED;
    }
    return restarts.asked() ? Wish.RESTART : Wish.RUN;
  }

  private static Data data(Optional<Target> target) {
    if (target.isEmpty()) {
      return Data.EMPTY;
    }
    Target to = target.get();
    boolean initialized =
        to.plugin()
            .lifecycle()
            .call("isInitialized", lifecycle -> lifecycle.isInitialized(to.instance()));
    return initialized
        ? Data.INITIALIZED
        : to.document().awaitsRestore() ? Data.TO_BE_RESTORED : Data.EMPTY;
  }

  private String lacking(Hand hand) {
    return hand.target().isEmpty()
        ? hand.lacking()
        : "there is no configuration to start with: " + config.refused();
  }

  private void act(Step step, Optional<Target> target, boolean initialized) throws IOException {
    switch (step) {
      case CONFIGURE -> interrupts.during(() -> configure(target.orElseThrow(), initialized));
      case INITIALIZE -> interrupts.during(() -> initialize(target.orElseThrow()));
      case START -> start(target.orElseThrow());
      case STOP -> engine.stop(stopRequest(target), System.nanoTime());
      case KILL -> engine.kill();
      case WATCH -> watch(target);
      case AWAIT_DOCUMENT, AWAIT_PLUGIN, AWAIT_RESTORE, PAUSE, AWAIT_STOP, REST, FINISH -> {
        // Nothing to do: whoever waits is told by the status.
      }
    }
    if (engine.run().isEmpty()) {
      parts.board().settle();
    }
  }

  private void configure(Target target, boolean initialized) throws IOException {
    config.apply(target, initialized, engine.run(), engine.hasAnswered(), System.nanoTime());
    backoff = Backoff.none(System.nanoTime());
  }

  private void watch(Optional<Target> target) throws IOException {
    if (target.isPresent() && engine.hasAnswered()) {
      Target to = target.get();
      interrupts.during(() -> config.lookForDrift(to, System.nanoTime()));
      interrupts.during(() -> parts.accounts().look(to.plugin(), to.instance(), System.nanoTime()));
    }
  }

  private void initialize(Target target) throws IOException {
    LOG.info("the data volume is made an instance");
    makeDirectories(target);
    target
        .plugin()
        .lifecycle()
        .run("initialize", lifecycle -> lifecycle.initialize(target.instance()));
    LOG.info("the instance is initialised");
    backoff = Backoff.none(System.nanoTime());
  }

  private void start(Target target) throws IOException {
    makeDirectories(target);
    ProcessSpec spec =
        target.plugin().lifecycle().call("start", lifecycle -> lifecycle.start(target.instance()));
    engine.start(spec, config.digest(), System.nanoTime());
    trouble = Trouble.NONE;
    restarts.done();
  }

  private void makeDirectories(Target target) throws IOException {
    for (Path volume : target.instance().layout().volumes().values()) {
      Files.createDirectories(volume);
    }
  }

  /**
   * The plugin's wish, within the budget; without a plugin what nearly every engine understands.
   */
  private StopRequest stopRequest(Optional<Target> target) {
    Duration budget = terminating ? stopBudget : UNHURRIED;
    StopRequest request = new StopRequest(StopRequest.Signal.TERM, budget);
    if (target.isPresent()) {
      try {
        request =
            target
                .get()
                .plugin()
                .lifecycle()
                .call("stop", lifecycle -> lifecycle.stop(target.get().instance(), budget));
      } catch (PluginException | PluginFault e) {
        LOG.warn("the plugin can't tell how to stop the engine: {}", e.getMessage());
      }
    }
    return request.patience().compareTo(budget) > 0
        ? new StopRequest(request.signal(), budget)
        : request;
  }

  private void failed(String reason, @Nullable Throwable cause) {
    if (terminating) {
      return;
    }
    LOG.warn("{}", reason, cause);
    backoff = backoff.failed(System.nanoTime());
    paused = true;
    trouble = new Trouble(Phase.BLOCKED, reason);
    restarts.fail(reason);
  }

  private void tell(Step step, Hand hand) {
    Optional<EngineRun> by = engine.run();
    watched = hand.target().flatMap(to -> by.map(current -> new Watched(to, current))).orElse(null);
    Status.EngineProcess process = process(step, hand.lacking());
    LiveConfig.Pending pending =
        by.map(current -> config.pending(hand.target(), current))
            .orElse(LiveConfig.Pending.NOTHING);
    boolean misfit = by.isPresent() && hand.document().isPresent() && hand.target().isEmpty();
    var files =
        new Status.Config(
            config.digest(),
            pending.restart(),
            pending.parameters(),
            misfit ? hand.lacking() : config.refused(),
            config.revision(),
            config.drift());
    parts
        .board()
        .update(before ->
            new Status(
                parts.plugins().active().map(plugin -> plugin.key()),
                hand.document().map(InstanceDocument::revision).orElse(0L),
                process,
                before.process().pid() == process.pid() ? before.probe() : Optional.empty(),
                files,
                parts.accounts().status()));
  }

  /** So that a reason is not hidden by an attempt that takes longer than the pause before it. */
  private String lastTrouble() {
    return trouble.reason().isEmpty() ? "" : ", once more after: " + trouble.reason();
  }

  private Status.EngineProcess process(Step step, String lacking) {
    Phase phase =
        switch (step) {
          case AWAIT_DOCUMENT -> Phase.WAITING;
          case AWAIT_PLUGIN ->
              parts.plugins().active().isPresent() || !parts.plugins().problem().isEmpty()
                  ? Phase.BLOCKED
                  : Phase.WAITING;
          case PAUSE -> trouble.phase();
          case INITIALIZE -> Phase.INITIALIZING;
          case AWAIT_RESTORE -> Phase.AWAITING_RESTORE;
          case CONFIGURE, WATCH, START -> engine.hasAnswered() ? Phase.RUNNING : Phase.STARTING;
          case STOP, AWAIT_STOP, KILL -> Phase.STOPPING;
          case REST -> awaitsRestore ? Phase.AWAITING_RESTORE : Phase.STOPPED;
          case FINISH -> Phase.STOPPED;
        };
    String reason =
        switch (phase) {
          case WAITING -> lacking;
          case BLOCKED -> lacking.isEmpty() ? trouble.reason() : lacking;
          case CRASHED -> trouble.reason();
          case INITIALIZING -> "the data volume is made an instance" + lastTrouble();
          case AWAITING_RESTORE -> "the data volume is empty, and is to be restored to";
          case STARTING -> "the engine starts";
          case STOPPING -> "the engine stops";
          case STOPPED -> terminating ? "the container ends" : "the instance is to be stopped";
          case RUNNING -> "";
        };
    Optional<EngineRun> by = engine.run();
    return new Status.EngineProcess(
        phase,
        reason,
        engine.starts(),
        by.map(EngineRun::pid).orElse(0L),
        by.map(current -> current.start().atMillis()).orElse(0L));
  }
}
