package io.upm.agent.container;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.upm.agent.protocol.v1.ActionServiceGrpc;
import io.upm.agent.protocol.v1.ActionServiceGrpc.ActionServiceBlockingStub;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.InstanceServiceGrpc.InstanceServiceBlockingStub;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.protocol.v1.PluginServiceGrpc;
import io.upm.agent.protocol.v1.PluginServiceGrpc.PluginServiceBlockingStub;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import io.upm.agent.protocol.v1.RestartRequest;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.host.plugin.PluginKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Calls an agent as the runtime does. */
public final class Caller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ManagedChannel channel;
  private final List<InstanceReport> reports = new CopyOnWriteArrayList<>();

  Caller(ManagedChannel channel) {
    this.channel = channel;
  }

  public InstanceServiceBlockingStub instance() {
    return InstanceServiceGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  public PluginServiceBlockingStub plugins() {
    return PluginServiceGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  public ActionServiceBlockingStub actions() {
    return ActionServiceGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  /** Fails at once when there is no connection. */
  public PluginServiceBlockingStub pluginsNow() {
    return PluginServiceGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS);
  }

  /** Watches, and watches again whenever the agent is gone. */
  public Caller watch() {
    var request = WatchRequest.newBuilder().setHeartbeatMillis(500).build();
    InstanceServiceGrpc.newStub(channel)
        .withWaitForReady()
        .watch(
            request,
            new StreamObserver<>() {
              @Override
              public void onNext(InstanceReport report) {
                reports.add(report);
              }

              @Override
              public void onError(Throwable failure) {
                if (!channel.isShutdown()) {
                  watch();
                }
              }

              @Override
              public void onCompleted() {}
            });
    return this;
  }

  public List<InstanceReport> reports() {
    return reports;
  }

  public @Nullable InstanceReport last() {
    return reports.isEmpty() ? null : reports.getLast();
  }

  /** Waits for a report and gives the first one that fits, from now on or the latest. */
  public InstanceReport report(String what, Predicate<InstanceReport> fits) {
    return await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(this::last, report -> report != null && fits.test(report));
  }

  public long configure(InstanceDocument document) {
    return instance()
        .configure(
            ConfigureRequest.newBuilder().setDocument(InstanceDocuments.write(document)).build())
        .getRevision();
  }

  public void restart(long revision) {
    var answer = instance().restart(RestartRequest.newBuilder().setRevision(revision).build());
    if (answer == null) {
      throw new IllegalStateException("no answer");
    }
  }

  public void pushAndActivate(PluginZip plugin) throws Exception {
    push(plugin.path(), plugin.key());
    activate(plugin.key());
  }

  public void activate(PluginKey key) {
    var answer = plugins().activate(ActivateRequest.newBuilder().setRef(ref(key)).build());
    if (answer == null) {
      throw new IllegalStateException("no answer");
    }
  }

  /** Pushes a file as that plugin; fails with the exception that the agent answers with. */
  public void push(Path zip, PluginKey key) throws IOException, InterruptedException {
    var done = new CompletableFuture<@Nullable Void>();
    StreamObserver<PushRequest> stream =
        PluginServiceGrpc.newStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .push(
                new StreamObserver<>() {
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
                });
    stream.onNext(PushRequest.newBuilder().setRef(ref(key)).build());
    byte[] content = Files.readAllBytes(zip);
    for (int at = 0; at < content.length; at += 64 << 10) {
      int length = Math.min(64 << 10, content.length - at);
      stream.onNext(
          PushRequest.newBuilder().setChunk(ByteString.copyFrom(content, at, length)).build());
    }
    stream.onCompleted();
    try {
      done.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    }
  }

  public static PluginRef ref(PluginKey key) {
    return PluginRef.newBuilder()
        .setId(key.id())
        .setVersion(key.version())
        .setDigest(key.digest())
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
