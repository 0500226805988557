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
   * @param topology the manager of the moment
   * @param names names of all topology objects of the kind in a namespace
   */
  interface Siblings {
    ManagedTopology topology();

    Collection<String> names(String namespace);
  }

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
  private long epoch;

  ObjectLoop(ObjectKey key, Tools tools, Siblings siblings, StatusWriter status) {
    this.key = key;
    this.tools = tools;
    this.siblings = siblings;
    this.status = status;
    this.observer = new Observer(tools, new CallLane("topology-" + key));
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
      return turn(current.get(), siblings.topology());
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

  private Duration turn(TopologyResource object, ManagedTopology topology)
      throws InterruptedException, ChangedMeanwhile {
    Memory memory = memory(object);
    Finding finding;
    try {
      finding = observer.look(topology, object, memory);
    } catch (InvalidSpecException e) {
      write(object, Looks.unobserved(object, memory, "InvalidSpec", message(e)), List.of());
      return pace.afterLook(true, Optional.empty(), now());
    } catch (PluginException | PluginFault | StuckCallException e) {
      return failed(object, topology, memory, e);
    }
    nodes = finding.names();
    return proceed(object, topology, memory, finding);
  }

  private Duration proceed(
      TopologyResource object, ManagedTopology topology, Memory memory, Finding finding)
      throws InterruptedException, ChangedMeanwhile {
    List<String> unpublished = publish(object, topology, finding);
    Decision decision = finding.decision();
    if (object.paused().isPresent()) {
      write(object, Looks.observed(object, memory, finding, unpublished), List.of());
      return rest(finding, Optional.empty());
    }
    if (decision instanceof Decision.Remember remember) {
      Memory next = raised(remember.memory());
      Look look = Looks.observed(object, next, finding, unpublished);
      write(object, look, List.of(Looks.note(remember)));
      return next.equals(memory) ? rest(finding, Optional.empty()) : pace.afterProgress();
    }
    TopologyResource written =
        write(object, Looks.observed(object, memory, finding, unpublished), List.of());
    return switch (decision) {
      case Decision.Perform perform -> act(written, topology, memory, perform.step(), finding);
      case Decision.WaitFor awaited -> rest(finding, Optional.of(awaited.until()));
      default -> rest(finding, Optional.empty());
    };
  }

  private Duration rest(Finding finding, Optional<Instant> until) {
    return pace.afterLook(finding.calm(), until, now());
  }

  private Duration act(
      TopologyResource object, ManagedTopology topology, Memory memory, Step step, Finding finding)
      throws InterruptedException, ChangedMeanwhile {
    LOG.info("topology {}: {} on {}: {}", key, step.kind(), step.node(), step.reason());
    try {
      observer.act(topology, step, finding);
    } catch (PluginException | PluginFault | StuckCallException e) {
      publishEvents(object, List.of(Looks.note(step, Optional.of(message(e)))));
      return failed(object, topology, memory, e);
    }
    publishEvents(object, List.of(Looks.note(step, Optional.empty())));
    return pace.afterStep(step);
  }

  private Duration failed(
      TopologyResource object, ManagedTopology topology, Memory memory, RuntimeException failure)
      throws ChangedMeanwhile {
    LOG.warn("topology {}: {}", key, message(failure));
    LOG.debug("topology {}", key, failure);
    if (failure instanceof PluginException told && told.kind() != PluginException.Kind.INTERNAL) {
      boolean user = told.kind() == PluginException.Kind.USER;
      String reason = user ? "InvalidInput" : "SyncTopologyFailed";
      write(object, Looks.unobserved(object, memory, reason, message(told)), List.of());
      return user ? pace.afterLook(false, Optional.empty(), now()) : pace.afterFailure();
    }
    write(object, Looks.faulty(object, memory, topology.plugin(), message(failure)), List.of());
    return pace.afterFailure();
  }

  private List<String> publish(TopologyResource object, ManagedTopology topology, Finding finding)
      throws InterruptedException {
    if (finding.endpoints().isEmpty()) {
      return List.of();
    }
    var labels = new RoutePlan.Labels(topology.kind().labelPrefix(), object.name());
    return tools
        .publisher()
        .publish(
            new Publisher.Request(
                new Children(object.raw(), labels, topology.portName()),
                finding.endpoints(),
                finding.managed(),
                Routes.of(finding.report(), finding.nodes().unread()),
                finding.serviceType(),
                siblings.names(object.namespace())));
  }

  /** Writes status, and tells what changed; returns the object as it is now. */
  private TopologyResource write(TopologyResource object, Look look, List<Note> notes)
      throws ChangedMeanwhile {
    JsonNode before = object.status();
    JsonNode after = StatusDocument.render(look, before, now());
    if (!status.write(object, after)) {
      return object;
    }
    var all =
        new ArrayList<>(
            Looks.transitions(StatusDocument.conditions(before), StatusDocument.conditions(after)));
    all.addAll(notes);
    publishEvents(object, all);
    return status.current().orElse(object);
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

  private static String message(RuntimeException failure) {
    return String.valueOf(failure.getMessage());
  }
}
