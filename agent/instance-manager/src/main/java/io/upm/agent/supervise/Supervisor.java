package io.upm.agent.supervise;

import io.upm.agent.action.EngineGate;
import io.upm.agent.report.Phase;
import io.upm.agent.report.Status;
import io.upm.spi.action.ActionDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the engine as the document says: looks, decides the next step, does it, and looks again.
 * One thread does all of that; others leave orders in its mailbox.
 */
public final class Supervisor implements EngineGate {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** How soon the end of an engine, or of a pause, is noticed: it is nobody's child here. */
  private static final Duration TICK = Duration.ofMillis(200);

  /** How often it is looked at everything when nothing seems to have changed. */
  private static final int TICKS = 10;

  private final Parts parts;
  private final EngineKeeper keeper;
  private final LinkedBlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Interrupts interrupts = new Interrupts();

  /**
   * @param run directory for sockets and pid files
   * @param stopBudget how long the engine may take to stop when the container ends
   */
  public Supervisor(Parts parts, Path run, Duration stopBudget) {
    this.parts = parts;
    this.keeper = new EngineKeeper(parts, run, stopBudget, interrupts);
  }

  /** Takes up what an earlier agent left, and begins. */
  public void start() throws IOException {
    keeper.recover();
    parts.documents().onChange(() -> mailbox.add(keeper::hurry));
    parts.plugins().onChange(() -> mailbox.add(keeper::hurry));
    Thread.ofVirtual().name("supervisor").start(this::work);
    new Prober(this::watched, parts.board(), this::answered).start();
  }

  /** Stops the engine, then ends. */
  public void terminate() {
    mailbox.add(keeper::terminate);
    interrupts.end();
  }

  /**
   * Stops the engine and starts it again.
   *
   * @return completes when the new process is there; fails with {@link IllegalStateException} when
   *     it can't be
   */
  public CompletableFuture<@Nullable Void> restart() {
    var done = new CompletableFuture<@Nullable Void>();
    mailbox.add(() -> keeper.restart(done));
    return done;
  }

  @Override
  public void enter(ActionDescriptor.Engine needed) {
    switch (needed) {
      case RUNNING -> {
        Status.EngineProcess process = parts.board().latest().value().process();
        if (process.phase() != Phase.RUNNING) {
          throw new IllegalStateException(
              "the engine does not run, which the action needs: " + process.reason());
        }
      }
      case STOPPED -> {
        var held = new CompletableFuture<@Nullable Void>();
        mailbox.add(() -> keeper.hold(held));
        join(held);
      }
      case ANY -> {
        // Whatever it does.
      }
    }
  }

  private static void join(CompletableFuture<@Nullable Void> held) {
    try {
      held.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IllegalStateException no ? no : new IllegalStateException(e);
    }
  }

  @Override
  public void leave() {
    mailbox.add(keeper::release);
  }

  /** Waits until the engine is stopped and the supervisor has ended. */
  public void awaitFinished() throws InterruptedException {
    finished.await();
  }

  private Optional<Watched> watched() {
    return keeper.watched();
  }

  private void answered(Watched by) {
    mailbox.add(() -> keeper.answered(by.run()));
  }

  private void work() {
    for (Step step = Step.PAUSE; step != Step.FINISH; ) {
      step = keeper.turn();
      if (waits(step)) {
        await();
      }
      takeOrders(Duration.ZERO);
    }
    finished.countDown();
  }

  private static boolean waits(Step step) {
    return switch (step) {
      case CONFIGURE, INITIALIZE, START, STOP, FINISH -> false;
      case AWAIT_DOCUMENT, AWAIT_PLUGIN, AWAIT_RESTORE, PAUSE, WATCH, AWAIT_STOP, KILL, REST ->
          true;
    };
  }

  /** Waits for an order, or for something to do. */
  private void await() {
    for (int tick = 0; tick < TICKS; tick++) {
      if (takeOrders(TICK) || keeper.isDue()) {
        return;
      }
    }
  }

  private boolean takeOrders(Duration patience) {
    try {
      Runnable order = mailbox.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      boolean any = order != null;
      for (; order != null; order = mailbox.poll()) {
        order.run();
      }
      return any;
    } catch (InterruptedException e) {
      // Meant for a step that is over by now; the order that came with it is in the mailbox.
      LOG.debug("interrupted between two steps");
      return true;
    }
  }
}
