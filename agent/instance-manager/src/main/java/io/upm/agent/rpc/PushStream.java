package io.upm.agent.rpc;

import io.grpc.stub.StreamObserver;
import io.upm.agent.plugin.PluginIntake;
import io.upm.agent.plugin.PluginStore;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin that is being pushed: its reference, then its bytes. */
final class PushStream implements StreamObserver<PushRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(PushStream.class);

  private final PluginStore store;
  private final StreamObserver<PushResponse> observer;
  private @Nullable PluginIntake intake;
  private boolean failed;

  PushStream(PluginStore store, StreamObserver<PushResponse> observer) {
    this.store = store;
    this.observer = observer;
  }

  @Override
  public void onNext(PushRequest request) {
    if (failed) {
      return;
    }
    try {
      take(request);
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void take(PushRequest request) throws IOException {
    PluginIntake current = intake;
    switch (request.getPartCase()) {
      case REF -> {
        if (current != null) {
          throw new IllegalArgumentException("a second reference");
        }
        intake = store.receive(Reports.key(request.getRef()));
      }
      case CHUNK -> {
        if (current == null) {
          throw new IllegalArgumentException("a chunk before the reference");
        }
        for (var buffer : request.getChunk().asReadOnlyByteBufferList()) {
          current.write(buffer);
        }
      }
      case PART_NOT_SET -> throw new IllegalArgumentException("neither reference nor chunk");
    }
  }

  @Override
  public void onCompleted() {
    if (failed) {
      return;
    }
    try {
      PluginIntake current = intake;
      if (current == null) {
        throw new IllegalArgumentException("nothing was pushed");
      }
      current.complete();
      current.close();
    } catch (IOException | RuntimeException e) {
      fail(e);
      return;
    }
    observer.onNext(PushResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void onError(Throwable failure) {
    LOG.info("a push was given up: {}", failure.getMessage());
    close();
  }

  private void fail(Exception failure) {
    failed = true;
    close();
    observer.onError(Failures.of(failure));
  }

  private void close() {
    if (intake != null) {
      intake.close();
      intake = null;
    }
  }
}
