package io.upm.runtime.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.runtime.kube.Events.Note;
import io.upm.runtime.topology.StatusWriter.ChangedMeanwhile;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one topology object, on a virtual thread of its own. It looks whenever it is woken,
 * and after a pause:
 *
 * <pre>observe → decide → report → publish → write status → act</pre>
 *
 * <ol>
 *   <li>At most one step is done for each look; then it looks again at once.
 *   <li>What is to be remembered is in status before anything that builds on it is done: a step is
 *       only ever decided on by a look that read the memory from there.
 *   <li>No step is done by a runtime that can't write status.
 *   <li>Whatever leaves the plugin ends here, in a condition and a pause.
 * </ol>
 */
final class ObjectLoop implements AutoCloseable {
  /**
   * What the loops of one kind share.
   *
   * @param topology the manager of the moment for an object
   * @param names names of all topology objects of the kind in a namespace
   */
  interface Siblings {
    ManagedTopology topology(ObjectKey key);

    Collection<String> names(String namespace);
  }

  /** What one look is about. */
  record Turn(TopologyResource object, ManagedTopology topology, Memory memory) {}

  private static final Logger LOG = LoggerFactory.getLogger(ObjectLoop.class);

  private final ObjectKey key;
  private final Tools tools;
  private final Siblings siblings;
  private final StatusWriter status;
  private final Observer observer;
  private final Semaphore wake = new Semaphore(0);
  private final Pace pace = new Pace();
  private final Thread thread;
  private volatile Set<String> nodes = Set.of();
  private volatile boolean closed;
  private @Nullable Trouble trouble;
  private long epoch;

  ObjectLoop(ObjectKey key, Tools tools, Siblings siblings, StatusWriter status) {
    this.key = key;
    this.tools = tools;
    this.siblings = siblings;
    this.status = status;
    this.observer = new Observer(tools, new CallLane());
    this.thread = Thread.ofVirtual().name("topology-" + key).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Has the object looked at soon. */
  void wake() {
    wake.release();
  }

  /** Has the object looked at, unless this is how the loop itself left it. */
  void changed(TopologyResource object) {
    if (!status.wrote(object)) {
      wake();
    }
  }

  boolean names(String node) {
    return nodes.contains(node);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** Waits until nothing is done any more. */
  void awaitEnd(Duration limit) throws InterruptedException {
    thread.join(limit);
  }

  private void run() {
    try {
      while (!closed) {
        Duration pause = turn();
        if (wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look. */
  private Duration turn() throws InterruptedException {
    try {
      Optional<TopologyResource> current = status.current();
      if (current.isEmpty() || current.get().deleting()) {
        return Pace.CALM;
      }
      return turn(new Turn(current.get(), siblings.topology(key), memory(current.get())));
    } catch (ChangedMeanwhile e) {
      return pace.afterConflict();
    } catch (PluginDrainedException e) {
      LOG.debug("topology {}: {}", key, e.getMessage());
      return pace.afterConflict();
    } catch (KubernetesClientException e) {
      LOG.warn("topology {}: {}", key, e.getMessage());
      status.forget();
      return pace.afterFailure();
    } catch (RuntimeException e) {
      LOG.error("topology {} failed", key, e);
      status.forget();
      return pace.afterFailure();
    }
  }

  private Duration turn(Turn turn) throws InterruptedException, ChangedMeanwhile {
    try {
      Finding finding = look(turn);
      nodes = finding.names();
      return proceed(turn, finding, publish(turn, finding));
    } catch (InvalidSpecException | PluginException | PluginFault e) {
      Trouble found = Trouble.of(e, turn.topology().plugin(), Optional.empty());
      log(found, e);
      write(turn, Looks.unobserved(turn.object(), turn.memory(), found), List.of());
      return pause(found);
    }
  }

  private Finding look(Turn turn) throws InterruptedException {
    long began = System.nanoTime();
    String outcome = "failed";
    try {
      Finding finding = observer.look(turn.topology(), turn.object(), turn.memory());
      outcome = finding.report().ready() ? "ready" : "not-ready";
      return finding;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      tools.meters().look(turn.topology().kind().name(), outcome, took);
    }
  }

  private Duration proceed(Turn turn, Finding finding, List<String> unpublished)
      throws InterruptedException, ChangedMeanwhile {
    if (turn.object().paused().isPresent()) {
      write(turn, Looks.observed(turn, finding, unpublished, Optional.empty()), List.of());
      return rest(finding, Optional.empty());
    }
    return switch (finding.decision()) {
      case Decision.Perform perform -> perform(turn, finding, unpublished, perform.step());
      case Decision.Remember remember -> remember(turn, finding, unpublished, remember);
      case Decision.WaitFor awaited -> {
        write(turn, Looks.observed(turn, finding, unpublished, Optional.empty()), List.of());
        yield turn.memory().intent().isPresent()
            ? underWay()
            : rest(finding, Optional.of(awaited.until()));
      }
      case Decision.Nothing nothing -> {
        write(turn, Looks.observed(turn, finding, unpublished, Optional.empty()), List.of());
        yield rest(finding, Optional.empty());
      }
    };
  }

  private Duration remember(
      Turn turn, Finding finding, List<String> unpublished, Decision.Remember remember)
      throws ChangedMeanwhile {
    Memory next = raised(remember.memory());
    Turn after = new Turn(turn.object(), turn.topology(), next);
    write(
        after,
        Looks.observed(after, finding, unpublished, Optional.empty()),
        List.of(Looks.note(remember)));
    return next.equals(turn.memory()) ? rest(finding, Optional.empty()) : pace.afterProgress();
  }

  /** A step that failed before is told about as failed until it is done. */
  private Duration perform(Turn turn, Finding finding, List<String> unpublished, Step step)
      throws InterruptedException, ChangedMeanwhile {
    String kind = turn.topology().kind().name();
    Optional<Trouble> before =
        Optional.ofNullable(trouble).filter(last -> last.step().equals(Optional.of(step.kind())));
    Turn written = write(turn, Looks.observed(turn, finding, unpublished, before), List.of());
    LOG.info("topology {}: {} on {}: {}", key, step.kind(), step.node(), step.reason());
    try {
      observer.act(turn.topology(), step, finding);
    } catch (PluginException | PluginFault e) {
      Trouble now = Trouble.of(e, turn.topology().plugin(), Optional.of(step.kind()));
      log(now, e);
      trouble = now;
      tools.meters().step(kind, step.kind(), false);
      write(
          written,
          Looks.observed(written, finding, unpublished, Optional.of(now)),
          List.of(Looks.note(step, Optional.of(now.message()))));
      return pause(now);
    }
    trouble = null;
    tools.meters().step(kind, step.kind(), true);
    publishEvents(turn.object(), List.of(Looks.note(step, Optional.empty())));
    return pace.afterStep(step);
  }

  private Duration rest(Finding finding, Optional<Instant> until) {
    trouble = null;
    return pace.afterLook(finding.calm(), until, now());
  }

  private Duration underWay() {
    trouble = null;
    return pace.afterLookUnderWay();
  }

  private Duration pause(Trouble trouble) {
    return switch (trouble.kind()) {
      case SPEC -> pace.afterLook(true, Optional.empty(), now());
      case INPUT -> pace.afterLook(false, Optional.empty(), now());
      case TRANSIENT, FAULT -> pace.afterFailure();
    };
  }

  private void log(Trouble trouble, RuntimeException failure) {
    LOG.warn("topology {}: {}", key, trouble.message());
    LOG.debug("topology {}", key, failure);
  }

  private List<String> publish(Turn turn, Finding finding) throws InterruptedException {
    if (finding.endpoints().isEmpty()) {
      return List.of();
    }
    TopologyResource object = turn.object();
    var labels = new RoutePlan.Labels(turn.topology().kind().labelPrefix(), object.name());
    return tools
        .publisher()
        .publish(
            new Publisher.Request(
                new Children(object.raw(), labels, turn.topology().portName()),
                finding.endpoints(),
                finding.managed(),
                Routes.of(finding.report(), finding.nodes().unread()),
                finding.serviceType(),
                siblings.names(object.namespace())));
  }

  /** Writes status if that is worth it, and tells what changed; returns the turn as it is then. */
  private Turn write(Turn turn, Look look, List<Note> notes) throws ChangedMeanwhile {
    JsonNode before = turn.object().status();
    JsonNode after = StatusDocument.render(look, before, now());
    if (!status.write(turn.object(), after)) {
      return turn;
    }
    var all =
        new ArrayList<>(
            Looks.transitions(StatusDocument.conditions(before), StatusDocument.conditions(after)));
    all.addAll(notes);
    publishEvents(turn.object(), all);
    return new Turn(status.current().orElse(turn.object()), turn.topology(), turn.memory());
  }

  private void publishEvents(TopologyResource object, List<Note> notes) {
    tools.events().publish(object.raw(), notes, now());
  }

  private Memory memory(TopologyResource object) {
    return raised(MemoryFields.read(object.status()));
  }

  /** The epoch only grows, whoever writes the status. */
  private Memory raised(Memory memory) {
    epoch = Math.max(epoch, memory.epoch());
    return new Memory(epoch, memory.source(), memory.intent(), memory.facts());
  }

  private Instant now() {
    return tools.clock().instant();
  }
}
