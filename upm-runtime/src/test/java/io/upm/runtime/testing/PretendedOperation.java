package io.upm.runtime.testing;

import io.upm.runtime.agent.Following;
import io.upm.runtime.agent.Following.End;
import io.upm.runtime.agent.Following.Heard;
import io.upm.runtime.agent.Following.Phase;
import io.upm.runtime.agent.Following.Report;
import io.upm.runtime.agent.OperationOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An operation that runs until a test ends it, whoever follows it. */
public final class PretendedOperation {
  private final OperationOrder order;
  private final long began = Instant.now().toEpochMilli();
  private final List<Runnable> followers = new CopyOnWriteArrayList<>();
  private volatile Report report = report(Phase.RUNNING, "polishes", 10, false);
  private volatile boolean cancelled;

  PretendedOperation(OperationOrder order) {
    this.order = order;
  }

  public OperationOrder order() {
    return order;
  }

  public boolean cancelled() {
    return cancelled;
  }

  public void succeed(String message) {
    succeed(message, Map.of("shine", "much"));
  }

  public void succeed(String message, Map<String, String> values) {
    tell(report(Phase.SUCCEEDED, message, 100, false, values));
  }

  public void fail(String message, boolean retryable) {
    tell(report(Phase.FAILED, message, 50, retryable));
  }

  static Following unknown(Runnable onChange) {
    onChange.run();
    return new Following() {
      @Override
      public Heard heard() {
        return new Heard(Optional.empty(), End.UNKNOWN, "it is not known");
      }

      @Override
      public void cancel() {}

      @Override
      public void close() {}
    };
  }

  Following follow(Runnable onChange) {
    followers.add(onChange);
    onChange.run();
    return new Following() {
      @Override
      public Heard heard() {
        return new Heard(Optional.of(report), End.NONE, "");
      }

      @Override
      public void cancel() {
        cancelled = true;
        tell(report(Phase.CANCELLED, "cancelled", 50, false));
      }

      @Override
      public void close() {
        followers.remove(onChange);
      }
    };
  }

  private void tell(Report next) {
    report = next;
    followers.forEach(Runnable::run);
  }

  private Report report(Phase phase, String message, long done, boolean retryable) {
    return report(phase, message, done, retryable, Map.of());
  }

  private Report report(
      Phase phase, String message, long done, boolean retryable, Map<String, String> values) {
    return new Report(
        phase,
        "1.0.0",
        message,
        done,
        100,
        values,
        List.of("looked"),
        began,
        phase == Phase.RUNNING ? 0 : Instant.now().toEpochMilli(),
        retryable);
  }
}
