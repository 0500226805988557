package io.upm.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.report.Board.Posted;
import io.upm.agent.report.Status;
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
  private final Heartbeats heartbeats;
  private final Semaphore room = new Semaphore(0);

  /**
   * How one who watches wants to hear that nothing changed.
   *
   * @param every how often
   * @param brief whether without the report
   */
  record Heartbeats(Duration every, boolean brief) {}

  ReportStream(
      ServerCallStreamObserver<InstanceReport> stream,
      StatusBoard board,
      Reports reports,
      Heartbeats heartbeats) {
    this.stream = stream;
    this.board = board;
    this.reports = reports;
    this.heartbeats = heartbeats;
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
      long told = 0;
      while (!stream.isCancelled()) {
        if (stream.isReady()) {
          Posted<Status> latest = board.latest();
          boolean news = latest.version() != told || !heartbeats.brief();
          stream.onNext(news ? reports.report(latest.value()) : reports.unchanged());
          told = latest.version();
          board.awaitAfter(told, heartbeats.every());
        } else {
          // Nothing piles up for one who does not read: what comes next is the latest anyway.
          room.drainPermits();
          room.tryAcquire(heartbeats.every().toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      // The watcher has gone.
      Thread.currentThread().interrupt();
    }
  }
}
