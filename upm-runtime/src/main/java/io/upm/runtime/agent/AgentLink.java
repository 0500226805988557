package io.upm.runtime.agent;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to one agent, for as long as that agent is attached. Two virtual threads: the
 * watcher reads reports and connects again whenever they stop; the courier hands over what the
 * agent lacks, so that a long push never looks like silence.
 */
final class AgentLink implements AutoCloseable {
  /**
   * Bounds of waiting.
   *
   * @param heartbeat how often the agent is asked to report
   * @param silence how long nothing may be heard before it counts as not connected
   * @param answer how long a call may take that does nothing that takes long
   * @param reconnect longest pause between two attempts to connect
   * @param redeliver longest pause between two attempts to hand something over
   */
  record Timing(
      Duration heartbeat,
      Duration silence,
      Duration answer,
      Duration reconnect,
      Duration redeliver) {
    /**
     * The last resort, so it costs a fleet little. That the other end is gone is told by the
     * kernel, within 4 s, or by what is handed over and not answered; and that an agent hangs by
     * the kubelet, whose probe of it fails within 5 s and takes the Pod, and with it the Unit, out
     * of Ready.
     */
    static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(15),
            Duration.ofSeconds(32),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));
  }

  /** What a link needs from those who keep all of them. */
  record Surroundings(
      AgentChannels channels,
      Pushes pushes,
      Silence silence,
      InstantSource clock,
      Timing timing,
      Runnable onChange) {}

  /** The agent of the moment: the channel to it, and what it said last. */
  private record Live(
      ManagedChannel channel, ReportReader reports, String agentId, AgentView.Report report) {}

  /** What was handed over to whom: a report made before it arrived doesn't ask for it again. */
  private record Delivery(String agentId, DesiredAgent desired, long nanoTime) {}

  private static final Logger LOG = LoggerFactory.getLogger(AgentLink.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /** Until somebody releases it. */
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  /** Nobody speaks in between, so what isn't answered tells that the connection is cut. */
  private static final int UNANSWERED = 2;

  private final UnitKey unit;
  private final AgentTarget target;
  private final Surroundings around;
  private final Semaphore work = new Semaphore(0);
  private final ReentrantLock viewing = new ReentrantLock();
  private final Thread watcher;
  private final Thread courier;
  private volatile DesiredAgent desired;
  private volatile AgentView view;
  private volatile @Nullable Live live;
  private volatile @Nullable Delivery delivered;
  private volatile boolean closed;
  private String connectionProblem = "not connected yet";
  private String deliveryProblem = "";

  AgentLink(UnitKey unit, AgentTarget target, DesiredAgent desired, Surroundings around) {
    this.unit = unit;
    this.target = target;
    this.desired = desired;
    this.around = around;
    this.view = new AgentView(false, around.clock().instant(), connectionProblem, Optional.empty());
    this.watcher = Thread.ofVirtual().name("agent-watch-" + unit).unstarted(this::watch);
    this.courier = Thread.ofVirtual().name("agent-courier-" + unit).unstarted(this::deliver);
  }

  void start() {
    watcher.start();
    courier.start();
  }

  AgentTarget target() {
    return target;
  }

  AgentView view() {
    return view;
  }

  /** The connection of the moment; it may break at any time. */
  Optional<Channel> channel() {
    return Optional.ofNullable(live).map(Live::channel);
  }

  void desire(DesiredAgent value) {
    if (!value.equals(desired)) {
      desired = value;
      work.release();
    }
  }

  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
    courier.interrupt();
  }

  private void watch() {
    var pauses = new Backoff(FIRST_PAUSE, around.timing().reconnect());
    while (!closed) {
      ManagedChannel channel = null;
      try {
        channel = around.channels().open(unit, target);
        readReports(channel, pauses);
      } catch (StatusException e) {
        lost("the agent at %s: %s".formatted(target.address(), Sentences.of(e)));
      } catch (TimeoutException e) {
        lost("the agent at %s %s".formatted(target.address(), e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.warn("connection to the agent of {} failed", unit, e);
        lost("the agent at %s: %s".formatted(target.address(), Sentences.of(e)));
      } finally {
        live = null;
        if (channel != null) {
          channel.shutdownNow();
        }
      }
      if (!pause(pauses.next())) {
        return;
      }
    }
  }

  private void readReports(ManagedChannel channel, Backoff pauses)
      throws StatusException, TimeoutException, InterruptedException {
    var reports = new ReportReader();
    InstanceServiceGrpc.newStub(channel)
        .withExecutor(Runnable::run)
        .watch(
            WatchRequest.newBuilder()
                .setHeartbeatMillis((int) around.timing().heartbeat().toMillis())
                .setBriefHeartbeats(true)
                .build(),
            reports);
    around.silence().watch(reports);
    try {
      while (!closed) {
        hear(channel, reports, reports.next());
        pauses.reset();
      }
    } finally {
      around.silence().forget(reports);
    }
  }

  private void hear(ManagedChannel channel, ReportReader reports, InstanceReport said) {
    var report = Reports.of(said);
    var agent = new Live(channel, reports, said.getAgentId(), report);
    live = agent;
    boolean lacksNow = lacks(agent);
    heard(report, lacksNow);
    if (lacksNow) {
      work.release();
    }
  }

  private boolean lacks(Live agent) {
    DesiredAgent wanted = desired;
    return isLacking(wanted, agent.report()) && !untilSeen(agent, wanted).isPositive();
  }

  /** How long what was handed over may still take to show in a report. */
  private Duration untilSeen(Live agent, DesiredAgent wanted) {
    Delivery last = delivered;
    return last != null && last.agentId().equals(agent.agentId()) && last.desired().equals(wanted)
        ? around.timing().silence().minusNanos(System.nanoTime() - last.nanoTime())
        : Duration.ZERO;
  }

  private static boolean isLacking(DesiredAgent wanted, AgentView.Report report) {
    boolean otherPlugin =
        wanted
            .engine()
            .map(engine -> !engine.plugin().digest().equals(report.pluginDigest()))
            .orElse(false);
    return otherPlugin
        || report.revision() < wanted.revision()
        || HandOver.needsRestart(wanted, report);
  }

  /** Woken by each report of an agent that lacks something, and when a pause is over. */
  private void deliver() {
    var pauses = new Backoff(FIRST_PAUSE, around.timing().redeliver());
    DesiredAgent refused = null;
    long notBefore = 0;
    int unanswered = 0;
    Duration rest = FOREVER;
    try {
      while (!closed) {
        var unused = work.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS);
        work.drainPermits();
        rest = FOREVER;
        Live agent = live;
        DesiredAgent wanted = desired;
        if (agent == null || !isLacking(wanted, agent.report())) {
          continue;
        }
        Duration pause =
            wanted.equals(refused)
                ? Duration.ofNanos(notBefore - System.nanoTime())
                : untilSeen(agent, wanted);
        if (pause.isPositive()) {
          rest = pause;
          continue;
        }
        try {
          new HandOver(agent.channel(), around.pushes(), around.timing().answer())
              .deliver(wanted, agent.report());
          delivered = new Delivery(agent.agentId(), wanted, System.nanoTime());
          refused = null;
          rest = around.timing().silence();
          unanswered = 0;
          pauses.reset();
          delivery("");
        } catch (HandOver.Refused e) {
          delivery(String.valueOf(e.getMessage()));
          refused = wanted;
          rest = pauses.next();
          notBefore = System.nanoTime() + rest.toNanos();
          unanswered = e.unanswered() ? unanswered + 1 : 0;
          if (unanswered == UNANSWERED) {
            unanswered = 0;
            agent.reports().giveUp("did not answer when something was handed over");
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void heard(AgentView.Report report, boolean lacks) {
    update(() -> {
      connectionProblem = "";
      if (!lacks) {
        deliveryProblem = "";
      }
      return new AgentView(
          true, view.connected() ? view.since() : now(), deliveryProblem, Optional.of(report));
    });
  }

  private void lost(String problem) {
    update(() -> {
      connectionProblem = problem;
      return new AgentView(false, view.connected() ? now() : view.since(), problem, view.report());
    });
  }

  private void delivery(String problem) {
    update(() -> {
      deliveryProblem = problem;
      String shown = view.connected() ? problem : connectionProblem;
      return new AgentView(view.connected(), view.since(), shown, view.report());
    });
  }

  private void update(Supplier<AgentView> next) {
    boolean changed;
    viewing.lock();
    try {
      AgentView before = view;
      AgentView after = next.get();
      view = after;
      changed = Reports.differ(before, after);
    } finally {
      viewing.unlock();
    }
    if (changed && !closed) {
      around.onChange().run();
    }
  }

  private Instant now() {
    return around.clock().instant();
  }

  private static boolean pause(Duration duration) {
    try {
      Thread.sleep(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
