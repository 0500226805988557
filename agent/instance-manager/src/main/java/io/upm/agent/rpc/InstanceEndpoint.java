package io.upm.agent.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.upm.agent.document.DocumentStore;
import io.upm.agent.document.StaleRevisionException;
import io.upm.agent.document.Written;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.ConfigureResponse;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc.InstanceServiceImplBase;
import io.upm.agent.protocol.v1.RestartRequest;
import io.upm.agent.protocol.v1.RestartResponse;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.agent.report.StatusBoard;
import io.upm.agent.supervise.Supervisor;
import java.io.IOException;
import java.time.Duration;

/** The engine's life, as the protocol has it. */
final class InstanceEndpoint extends InstanceServiceImplBase {
  private final DocumentStore documents;
  private final Supervisor supervisor;
  private final StatusBoard board;
  private final Reports reports;

  InstanceEndpoint(
      DocumentStore documents, Supervisor supervisor, StatusBoard board, Reports reports) {
    this.documents = documents;
    this.supervisor = supervisor;
    this.board = board;
    this.reports = reports;
  }

  @Override
  public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> observer) {
    try {
      long held = documents.accept(Written.read(request.getDocument()));
      observer.onNext(ConfigureResponse.newBuilder().setRevision(held).build());
      observer.onCompleted();
    } catch (IOException | RuntimeException e) {
      observer.onError(Failures.of(e));
    }
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<InstanceReport> observer) {
    var stream = (ServerCallStreamObserver<InstanceReport>) observer;
    Duration heartbeat =
        request.getHeartbeatMillis() == 0
            ? ReportStream.HEARTBEAT
            : Duration.ofMillis(request.getHeartbeatMillis());
    if (heartbeat.compareTo(ReportStream.FASTEST) < 0) {
      observer.onError(
          Status.INVALID_ARGUMENT
              .withDescription("heartbeat_millis is less than " + ReportStream.FASTEST.toMillis())
              .asRuntimeException());
      return;
    }
    var heartbeats = new ReportStream.Heartbeats(heartbeat, request.getBriefHeartbeats());
    new ReportStream(stream, board, reports, heartbeats).start();
  }

  @Override
  public void restart(RestartRequest request, StreamObserver<RestartResponse> observer) {
    long held = documents.revision();
    if (request.getRevision() < held) {
      observer.onError(Failures.of(new StaleRevisionException(request.getRevision(), held)));
      return;
    }
    var unused =
        supervisor
            .restart()
            .whenComplete((done, failure) -> {
              if (failure != null) {
                observer.onError(Failures.of(failure));
              } else {
                observer.onNext(RestartResponse.getDefaultInstance());
                observer.onCompleted();
              }
            });
  }
}
