package io.upm.agent.supervise;

import io.upm.agent.report.Status;
import io.upm.agent.report.StatusBoard;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Probes the engine every second, whatever else goes on. */
final class Prober {
  private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** While the engine starts, so that it serves as soon as it can. */
  private static final Duration EAGER = Duration.ofMillis(200);

  /** A probe is bounded to 3 seconds by itself; one that is not is given up. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Supplier<Optional<Watched>> watched;
  private final StatusBoard board;
  private final Consumer<Watched> onAnswer;

  /**
   * @param onAnswer told of each probe that the engine answered
   */
  Prober(Supplier<Optional<Watched>> watched, StatusBoard board, Consumer<Watched> onAnswer) {
    this.watched = watched;
    this.board = board;
    this.onAnswer = onAnswer;
  }

  void start() {
    Thread.ofVirtual().name("prober").start(this::work);
  }

  private void work() {
    try {
      while (true) {
        Optional<Watched> current = watched.get();
        boolean alive = current.isPresent() && probe(current.get());
        Thread.sleep(current.isPresent() && !alive ? EAGER : INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean probe(Watched current) throws InterruptedException {
    long begin = System.nanoTime();
    var call = new FutureTask<>(() -> ask(current));
    Thread thread = Thread.ofVirtual().name("probe").start(call);
    Optional<Health> found;
    try {
      found = call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      call.cancel(true);
      tell(current, Health.down("the probe does not come back"), begin);
      // One that ignores the interrupt is not joined by others.
      thread.join();
      return true;
    } catch (ExecutionException e) {
      LOG.error("probe", e);
      found = Optional.of(Health.down("the probe failed: " + e.getCause()));
    }
    found.ifPresent(health -> tell(current, health, begin));
    return found.map(Health::alive).orElse(false);
  }

  private static Optional<Health> ask(Watched current) {
    Target target = current.target();
    try {
      return Optional.of(
          target
              .plugin()
              .lifecycle()
              .call("probe", lifecycle -> lifecycle.probe(target.instance())));
    } catch (PluginDrainedException e) {
      // The next one asks the new plugin.
      return Optional.empty();
    } catch (PluginException | PluginFault e) {
      return Optional.of(Health.down(String.valueOf(e.getMessage())));
    }
  }

  private void tell(Watched current, Health health, long begin) {
    var probe = new Status.Probe(health, System.currentTimeMillis(), System.nanoTime() - begin);
    if (health.alive()) {
      onAnswer.accept(current);
    }
    board.update(status ->
        status.process().pid() == current.run().pid()
            ? new Status(
                status.plugin(),
                status.revision(),
                status.process(),
                Optional.of(probe),
                status.config(),
                status.accounts())
            : status);
    board.settle();
  }
}
