package io.upm.agent.train;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.protocol.v1.PluginServiceGrpc;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's part in a training run. A process of its own: what only a caller needs must not get
 * into the agent's cache, all of which is in the agent's memory later.
 */
public final class TrainingClient implements AutoCloseable {
  private static final int CALLS = 200;
  private static final int CHUNK = 64 << 10;

  private final ManagedChannel channel;

  private TrainingClient(int port, Path certificates) throws IOException {
    this.channel =
        OkHttpChannelBuilder.forAddress(
                "127.0.0.1",
                port,
                TlsChannelCredentials.newBuilder()
                    .keyManager(
                        certificates.resolve("tls.crt").toFile(),
                        certificates.resolve("tls.key").toFile())
                    .trustManager(certificates.resolve("ca.crt").toFile())
                    .build())
            .overrideAuthority("localhost")
            .build();
  }

  /**
   * Calls an agent.
   *
   * @param arguments port, directory of {@link TrainingSetup}, and the zip of a plugin, if there is
   *     one
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    try (var client =
        new TrainingClient(
            Integer.parseInt(arguments[0]), directory.resolve(TrainingSetup.CERTIFICATES))) {
      client.watch(3);
      if (arguments.length > 2) {
        Path zip = Path.of(arguments[2]);
        client.push(zip, PluginArchive.read(zip).key());
        client.configure(Files.readString(directory.resolve(TrainingSetup.WANTED)));
      }
      client.watch(5);
      client.list(CALLS);
    }
  }

  private void configure(String document) {
    var answer = instance().configure(ConfigureRequest.newBuilder().setDocument(document).build());
    if (answer.getRevision() == 0) {
      throw new IllegalStateException("the document was not kept");
    }
  }

  /** Reads some reports. */
  private void watch(int reports) {
    Iterator<InstanceReport> stream =
        instance()
            .watch(
                WatchRequest.newBuilder().setHeartbeatMillis(100).setBriefHeartbeats(true).build());
    for (int i = 0; i < reports; i++) {
      stream.next();
    }
  }

  /** Makes as many calls as it takes to have seen what every call does. */
  private void list(int calls) {
    for (int i = 0; i < calls; i++) {
      var inventory =
          PluginServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .inventory(InventoryRequest.getDefaultInstance());
      if (inventory.getKeptCount() > 1) {
        throw new IllegalStateException("more plugins than were pushed");
      }
    }
  }

  private void push(Path zip, PluginKey key)
      throws IOException, ExecutionException, InterruptedException {
    var ref =
        PluginRef.newBuilder()
            .setId(key.id())
            .setVersion(key.version())
            .setDigest(key.digest())
            .build();
    var done = new CompletableFuture<@Nullable Void>();
    StreamObserver<PushRequest> stream =
        PluginServiceGrpc.newStub(channel)
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .push(new Answer(done));
    stream.onNext(PushRequest.newBuilder().setRef(ref).build());
    byte[] content = Files.readAllBytes(zip);
    for (int at = 0; at < content.length; at += CHUNK) {
      int length = Math.min(CHUNK, content.length - at);
      stream.onNext(
          PushRequest.newBuilder().setChunk(ByteString.copyFrom(content, at, length)).build());
    }
    stream.onCompleted();
    done.get();
    PluginServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .activate(ActivateRequest.newBuilder().setRef(ref).build());
  }

  private record Answer(CompletableFuture<@Nullable Void> done)
      implements StreamObserver<PushResponse> {
    @Override
    public void onNext(PushResponse response) {}

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      done.complete(null);
    }
  }

  private InstanceServiceGrpc.InstanceServiceBlockingStub instance() {
    return InstanceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
