package io.upm.agent.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.upm.agent.plugin.PluginSlot;
import io.upm.agent.plugin.PluginStore;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.ActivateResponse;
import io.upm.agent.protocol.v1.DropRequest;
import io.upm.agent.protocol.v1.DropResponse;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.InventoryResponse;
import io.upm.agent.protocol.v1.PluginServiceGrpc.PluginServiceImplBase;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import java.io.IOException;

/** Plugins, as the protocol has them. */
final class PluginEndpoint extends PluginServiceImplBase {
  private final PluginStore store;
  private final PluginSlot slot;

  PluginEndpoint(PluginStore store, PluginSlot slot) {
    this.store = store;
    this.slot = slot;
  }

  @Override
  public void inventory(InventoryRequest request, StreamObserver<InventoryResponse> observer) {
    answer(
        observer,
        () -> {
          var inventory = InventoryResponse.newBuilder();
          store.kept().forEach(key -> inventory.addKept(Reports.ref(key)));
          slot.active().ifPresent(plugin -> inventory.setActive(Reports.ref(plugin.key())));
          return inventory.build();
        });
  }

  @Override
  public StreamObserver<PushRequest> push(StreamObserver<PushResponse> observer) {
    var push = new PushStream(store, observer);
    // Also when a message can't be read, of which the stream itself isn't told.
    ((ServerCallStreamObserver<PushResponse>) observer).setOnCloseHandler(push::close);
    return push;
  }

  @Override
  public void activate(ActivateRequest request, StreamObserver<ActivateResponse> observer) {
    answer(
        observer,
        () -> {
          slot.activate(Reports.key(request.getRef()));
          return ActivateResponse.getDefaultInstance();
        });
  }

  @Override
  public void drop(DropRequest request, StreamObserver<DropResponse> observer) {
    answer(
        observer,
        () -> {
          if (!request.getDigest().matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a digest: " + request.getDigest());
          }
          if (slot.uses(request.getDigest())) {
            throw Status.FAILED_PRECONDITION
                .withDescription("the plugin is in use")
                .asRuntimeException();
          }
          store.drop(request.getDigest());
          return DropResponse.getDefaultInstance();
        });
  }

  private interface Answer<T> {
    T get() throws IOException;
  }

  private static <T> void answer(StreamObserver<T> observer, Answer<T> answer) {
    T message;
    try {
      message = answer.get();
    } catch (IOException | RuntimeException e) {
      observer.onError(Failures.of(e));
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }
}
