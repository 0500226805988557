package io.upm.runtime.agent;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.WatchRequest;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What one agent says, for one who waits for it. A heartbeat wakes nobody, it only moves the moment
 * at which the agent was heard last: a fleet's agents send hundreds in a second. The next report is
 * asked for when the last one was taken, so that none pile up.
 */
final class ReportReader implements ClientResponseObserver<WatchRequest, InstanceReport> {
  /** A report, or how the stream ended, or that nothing comes. */
  private sealed interface Arrival {
    record Said(InstanceReport report) implements Arrival {}

    record Ended(Status status) implements Arrival {}

    record Silent(String problem) implements Arrival {}
  }

  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private volatile long heard = System.nanoTime();
  private volatile @Nullable ClientCallStreamObserver<WatchRequest> call;

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> started) {
    started.disableAutoRequestWithInitial(1);
    call = started;
  }

  /** Called on the connection's thread. */
  @Override
  public void onNext(InstanceReport said) {
    heard = System.nanoTime();
    if (said.getUnchanged()) {
      request();
    } else {
      arrivals.add(new Arrival.Said(said));
    }
  }

  @Override
  public void onError(Throwable failure) {
    arrivals.add(new Arrival.Ended(Status.fromThrowable(failure)));
  }

  @Override
  public void onCompleted() {
    arrivals.add(
        new Arrival.Ended(Status.UNAVAILABLE.withDescription("the agent ended the stream")));
  }

  /**
   * Waits for the next report that is more than a heartbeat.
   *
   * @throws StatusException when the stream ended
   * @throws TimeoutException when nothing was heard for too long; its message says what the agent
   *     failed to do
   */
  InstanceReport next() throws StatusException, TimeoutException, InterruptedException {
    return switch (arrivals.take()) {
      case Arrival.Said said -> {
        request();
        yield said.report();
      }
      case Arrival.Ended ended -> throw ended.status().asException();
      case Arrival.Silent silent -> throw new TimeoutException(silent.problem());
    };
  }

  /** Ends the waiting of whoever waits when nothing was heard for so long. */
  void endIfSilent(long nanoTime, Duration limit) {
    if (nanoTime - heard >= limit.toNanos()) {
      giveUp("has been silent for %d s".formatted(limit.toSeconds()));
    }
  }

  /**
   * Ends the waiting of whoever waits.
   *
   * @param problem what the agent failed to do
   */
  void giveUp(String problem) {
    arrivals.add(new Arrival.Silent(problem));
  }

  private void request() {
    ClientCallStreamObserver<WatchRequest> started = call;
    if (started != null) {
      started.request(1);
    }
  }
}
