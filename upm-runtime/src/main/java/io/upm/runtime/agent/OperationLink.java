package io.upm.runtime.agent;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.protocol.v1.ActionServiceGrpc;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.CancelRequest;
import io.upm.agent.protocol.v1.FollowRequest;
import io.upm.agent.protocol.v1.OperationReport;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Follows one operation on one connection, on a thread of its own. */
final class OperationLink implements Following {
  /** An agent first asks its plugin what the action needs. */
  private static final long BEGIN_SECONDS = 20;

  private static final long CANCEL_SECONDS = 5;

  private final Channel channel;
  private final OperationOrder order;
  private final Runnable onChange;
  private final Thread follower;
  private volatile Heard heard = new Heard(Optional.empty(), End.NONE, "");
  private volatile boolean closed;

  private OperationLink(Channel channel, OperationOrder order, Runnable onChange) {
    this.channel = channel;
    this.order = order;
    this.onChange = onChange;
    this.follower = Thread.ofVirtual().name("operation " + order.id()).unstarted(this::follow);
  }

  static OperationLink open(Channel channel, OperationOrder order, Runnable onChange) {
    var link = new OperationLink(channel, order, onChange);
    link.follower.start();
    return link;
  }

  @Override
  public Heard heard() {
    return heard;
  }

  @Override
  public void cancel() {
    Thread.ofVirtual()
        .name("cancel " + order.id())
        .start(() -> {
          try {
            hear(
                ActionServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CANCEL_SECONDS, TimeUnit.SECONDS)
                    .cancel(CancelRequest.newBuilder().setOperation(order.id()).build()));
          } catch (StatusRuntimeException e) {
            tell(new Heard(heard.report(), heard.end(), Sentences.of(e)));
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    follower.interrupt();
  }

  private void follow() {
    try {
      if (!order.begun()) {
        hear(
            ActionServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(BEGIN_SECONDS, TimeUnit.SECONDS)
                .begin(
                    BeginRequest.newBuilder()
                        .setOperation(order.id())
                        .setAction(order.action())
                        .setParameters(order.parameters())
                        .putAllSecrets(order.secrets())
                        .build()));
      }
      Iterator<OperationReport> reports =
          ActionServiceGrpc.newBlockingStub(channel)
              .follow(FollowRequest.newBuilder().setOperation(order.id()).build());
      while (reports.hasNext()) {
        hear(reports.next());
      }
      if (heard.report().filter(said -> said.phase() != Phase.RUNNING).isEmpty()) {
        tell(new Heard(heard.report(), End.BROKEN, "the agent stopped telling of it"));
      }
    } catch (StatusRuntimeException e) {
      tell(new Heard(heard.report(), end(e.getStatus().getCode()), sentence(e.getStatus())));
    }
  }

  private static End end(Status.Code code) {
    return switch (code) {
      case FAILED_PRECONDITION -> End.NOT_NOW;
      case INVALID_ARGUMENT, UNIMPLEMENTED -> End.REFUSED;
      case NOT_FOUND -> End.UNKNOWN;
      default -> End.BROKEN;
    };
  }

  /** What the agent itself says is a sentence as it is. */
  private static String sentence(Status status) {
    return switch (end(status.getCode())) {
      case NOT_NOW, REFUSED ->
          status.getCode() == Status.Code.UNIMPLEMENTED
              ? "the agent is too old for actions: restart the Unit's Pod"
              : String.valueOf(status.getDescription());
      default -> Sentences.of(status.asRuntimeException());
    };
  }

  private void hear(OperationReport said) {
    tell(new Heard(Optional.of(report(said)), End.NONE, ""));
  }

  private void tell(Heard next) {
    heard = next;
    if (!closed) {
      onChange.run();
    }
  }

  private static Report report(OperationReport said) {
    return new Report(
        switch (said.getPhase()) {
          case OPERATION_SUCCEEDED -> Phase.SUCCEEDED;
          case OPERATION_FAILED -> Phase.FAILED;
          case OPERATION_CANCELLED -> Phase.CANCELLED;
          case OPERATION_RUNNING, OPERATION_PHASE_UNSPECIFIED, UNRECOGNIZED -> Phase.RUNNING;
        },
        said.getPlugin().getVersion(),
        said.getMessage(),
        said.getDone(),
        said.getTotal(),
        said.getValuesMap(),
        said.getLogList(),
        said.getBeganMillis(),
        said.getEndedMillis(),
        said.getRetryable());
  }
}
