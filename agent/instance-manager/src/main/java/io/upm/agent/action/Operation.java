package io.upm.agent.action;

import io.upm.agent.protocol.v1.OperationPhase;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.report.Board;
import io.upm.agent.report.Board.Posted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One operation: its state, and who waits for another one. Safe for concurrent use. */
public final class Operation {
  private static final int LINES = 20;
  private static final int LINE_LENGTH = 500;

  private final Board<OperationReport> report;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean cancelled;
  private @Nullable Thread worker;

  Operation(OperationReport report) {
    this.report = new Board<>(report, (before, next) -> before != next);
  }

  public static boolean hasEnded(OperationReport report) {
    return report.getPhase() != OperationPhase.OPERATION_RUNNING;
  }

  public OperationReport report() {
    return report.latest().value();
  }

  public Posted<OperationReport> latest() {
    return report.latest();
  }

  /** Waits for a change after the given version, but no longer than the limit. */
  public void awaitAfter(long seen, Duration limit) throws InterruptedException {
    report.awaitAfter(seen, limit);
  }

  /** Waits for the end, but no longer than the limit. */
  public void awaitEnd(Duration limit) throws InterruptedException {
    report.await(posted -> hasEnded(posted.value()), limit);
  }

  boolean cancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  /** Who is interrupted when it is cancelled; null for nobody. */
  void runsOn(@Nullable Thread thread) {
    lock.lock();
    try {
      worker = thread;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks the one who works on it to end.
   *
   * @throws IllegalStateException when its action can't be cancelled half-way
   */
  public void cancel() {
    lock.lock();
    try {
      if (hasEnded(report()) || cancelled) {
        return;
      }
      Thread busy = worker;
      if (busy == null) {
        throw new IllegalStateException(
            "action %s can't be cancelled half-way".formatted(report().getAction()));
      }
      cancelled = true;
      busy.interrupt();
    } finally {
      lock.unlock();
    }
  }

  void log(String line) {
    String kept = line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "…" : line;
    change(builder -> {
      List<String> lines = new ArrayList<>(builder.getLogList());
      lines.add(kept);
      return builder
          .clearLog()
          .addAllLog(lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    });
  }

  /** Changes the state of one that runs; nothing is changed after the end. */
  void change(UnaryOperator<OperationReport.Builder> change) {
    report.update(now -> hasEnded(now) ? now : change.apply(now.toBuilder()).build());
  }
}
