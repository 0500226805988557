package io.upm.agent.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.upm.agent.action.Operation;
import io.upm.agent.action.Operations;
import io.upm.agent.protocol.v1.ActionServiceGrpc.ActionServiceImplBase;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.CancelRequest;
import io.upm.agent.protocol.v1.FollowRequest;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.report.Board.Posted;
import io.upm.spi.Password;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Operations, as the protocol has them. */
final class ActionEndpoint extends ActionServiceImplBase {
  /** Between two states of one that runs; its end is told at once. */
  private static final Duration PACE = Duration.ofMillis(500);

  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Operations operations;

  ActionEndpoint(Operations operations) {
    this.operations = operations;
  }

  @Override
  public void begin(BeginRequest request, StreamObserver<OperationReport> observer) {
    try {
      Operation operation =
          operations.begin(
              new Operations.Order(
                  request.getOperation(),
                  request.getAction(),
                  request.getParameters(),
                  secrets(request.getSecretsMap())));
      observer.onNext(operation.report());
      observer.onCompleted();
    } catch (IOException | RuntimeException e) {
      observer.onError(Failures.of(e));
    }
  }

  private static Map<String, Password> secrets(Map<String, ByteString> values) {
    return values.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, value -> Password.of(value.getValue().toStringUtf8())));
  }

  @Override
  public void follow(FollowRequest request, StreamObserver<OperationReport> observer) {
    var stream = (ServerCallStreamObserver<OperationReport>) observer;
    try {
      Operation operation = find(request.getOperation());
      Thread feeder =
          Thread.ofVirtual()
              .name("follow " + request.getOperation())
              .unstarted(() -> {
                feed(operation, stream);
              });
      stream.setOnCancelHandler(feeder::interrupt);
      feeder.start();
    } catch (RuntimeException e) {
      observer.onError(Failures.of(e));
    }
  }

  private static void feed(Operation operation, ServerCallStreamObserver<OperationReport> stream) {
    try {
      Posted<OperationReport> told = operation.latest();
      stream.onNext(told.value());
      while (!Operation.hasEnded(told.value()) && !stream.isCancelled()) {
        operation.awaitEnd(PACE);
        operation.awaitAfter(told.version(), LOOK);
        told = operation.latest();
        stream.onNext(told.value());
      }
      stream.onCompleted();
    } catch (InterruptedException e) {
      // Who followed has gone.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<OperationReport> observer) {
    try {
      Operation operation = find(request.getOperation());
      operation.cancel();
      observer.onNext(operation.report());
      observer.onCompleted();
    } catch (RuntimeException e) {
      observer.onError(Failures.of(e));
    }
  }

  private Operation find(String id) {
    return operations
        .find(id)
        .orElseThrow(() ->
            Status.NOT_FOUND.withDescription("there is no operation " + id).asRuntimeException());
  }
}
