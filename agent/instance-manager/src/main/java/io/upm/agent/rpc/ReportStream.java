package io.upm.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.report.StatusBoard;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reports to one who watches: at once, at each change, and as a heartbeat. */
final class ReportStream {
  static final Duration HEARTBEAT = Duration.ofSeconds(1);
  static final Duration FASTEST = Duration.ofMillis(50);

  /** A new agent looks at the engine before it speaks of it, but not for ever. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private final ServerCallStreamObserver<InstanceReport> stream;
  private final StatusBoard board;
  private final Reports reports;
  private final Duration heartbeat;
  private final Semaphore room = new Semaphore(0);

  ReportStream(
      ServerCallStreamObserver<InstanceReport> stream,
      StatusBoard board,
      Reports reports,
      Duration heartbeat) {
    this.stream = stream;
    this.board = board;
    this.reports = reports;
    this.heartbeat = heartbeat;
  }

  /** Returns at once: calls of the stream's handlers come on the caller's thread. */
  void start() {
    Thread feeder = Thread.ofVirtual().name("reports").unstarted(this::feed);
    stream.setOnCancelHandler(feeder::interrupt);
    stream.setOnReadyHandler(room::release);
    feeder.start();
  }

  private void feed() {
    try {
      board.awaitSettled(SETTLE);
      while (!stream.isCancelled()) {
        if (stream.isReady()) {
          StatusBoard.Posted latest = board.latest();
          stream.onNext(reports.report(latest.status()));
          board.awaitAfter(latest.version(), heartbeat);
        } else {
          // Nothing piles up for one who does not read: what comes next is the latest anyway.
          room.drainPermits();
          room.tryAcquire(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      // The watcher has gone.
      Thread.currentThread().interrupt();
    }
  }
}
