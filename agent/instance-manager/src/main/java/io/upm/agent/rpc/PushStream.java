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

/**
 * A plugin that is being pushed: its reference, then its bytes.
 *
 * <p>One that fails is heard to its end before it is refused: what arrives for a stream that the
 * server has closed is never given back to the window of its connection (grpc-okhttp), and with 64
 * KiB of that nothing could be sent on it any more, not even a document.
 */
final class PushStream implements StreamObserver<PushRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(PushStream.class);

  private final PluginStore store;
  private final StreamObserver<PushResponse> observer;
  private @Nullable PluginIntake intake;
  private @Nullable Exception failure;

  PushStream(PluginStore store, StreamObserver<PushResponse> observer) {
    this.store = store;
    this.observer = observer;
  }

  @Override
  public void onNext(PushRequest request) {
    if (failure != null) {
      return;
    }
    try {
      take(request);
    } catch (IOException | RuntimeException e) {
      failure = e;
      close();
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
    if (failure == null) {
      complete();
    }
    if (failure != null) {
      observer.onError(Failures.of(failure));
      return;
    }
    observer.onNext(PushResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void onError(Throwable reason) {
    LOG.info("a push was given up: {}", reason.getMessage());
    close();
  }

  private void complete() {
    PluginIntake current = intake;
    try {
      if (current == null) {
        throw new IllegalArgumentException("nothing was pushed");
      }
      current.complete();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    close();
  }

  /** Gives up what has not been kept. */
  void close() {
    if (intake != null) {
      intake.close();
      intake = null;
    }
  }
}
