package io.upm.runtime.agent;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.ActivateResponse;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.ConfigureResponse;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.InventoryResponse;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.protocol.v1.PluginServiceGrpc;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.IssuedCertificate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An agent that serves the real protocol over real TLS and remembers what it was asked. */
final class FakeAgent implements AutoCloseable {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<X509Certificate> callers = new CopyOnWriteArrayList<>();
  final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  final AtomicInteger largestChunk = new AtomicInteger();
  volatile Status refuseActivation = Status.OK;
  volatile boolean answersNothing;
  volatile Function<InstanceReport.Builder, InstanceReport.Builder> says = report -> report;

  private final CertificateAuthority authority;
  private final IssuedCertificate certificate;
  private final Map<ServerCallStreamObserver<InstanceReport>, InstanceReport> watchers =
      new ConcurrentHashMap<>();
  private volatile PluginRef active = PluginRef.getDefaultInstance();
  private volatile long revision;
  private volatile String agentId = "agent-1";
  private @Nullable Server server;

  FakeAgent(CertificateAuthority authority, IssuedCertificate certificate) {
    this.authority = authority;
    this.certificate = certificate;
  }

  /** Starts to listen; port 0 lets the system choose. */
  int start(String address, int port) throws IOException {
    SslContextBuilder tls =
        SslContextBuilder.forServer(
                stream(certificate.certificate()), stream(certificate.privateKey()))
            .trustManager(stream(authority.authorityPem()))
            .clientAuth(ClientAuth.REQUIRE);
    Server started =
        NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
            .sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build())
            .addService(ServerInterceptors.intercept(new Instances(), new Callers()))
            .addService(new Plugins())
            .build()
            .start();
    server = started;
    return started.getPort();
  }

  @Override
  public void close() throws InterruptedException {
    if (server != null) {
      server.shutdownNow();
      server.awaitTermination(5, TimeUnit.SECONDS);
    }
    watchers.clear();
  }

  /** A new agent process with the same disk. */
  void restarted(String newAgentId) {
    agentId = newAgentId;
    active = PluginRef.getDefaultInstance();
    revision = 0;
  }

  int watchers() {
    watchers.keySet().removeIf(ServerCallStreamObserver::isCancelled);
    return watchers.size();
  }

  /**
   * Sends a report to whoever watches, or a heartbeat when it is as the one before. One at a time:
   * a report that was made earlier must not arrive later, as if the agent had lost what it was
   * given since.
   */
  synchronized void report() {
    InstanceReport report =
        says.apply(
                InstanceReport.newBuilder()
                    .setAgentId(agentId)
                    .setPlugin(active)
                    .setRevision(revision))
            .build();
    watchers.replaceAll((watcher, before) -> {
      if (!watcher.isCancelled()) {
        watcher.onNext(
            report.equals(before)
                ? InstanceReport.newBuilder().setUnchanged(true).build()
                : report);
      }
      return report;
    });
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private final class Callers implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      try {
        callers.add(
            (X509Certificate)
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION).getPeerCertificates()[0]);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return next.startCall(call, headers);
    }
  }

  private final class Instances extends InstanceServiceGrpc.InstanceServiceImplBase {
    @Override
    public void watch(WatchRequest request, StreamObserver<InstanceReport> answer) {
      calls.add("watch");
      var watcher = (ServerCallStreamObserver<InstanceReport>) answer;
      watcher.setOnCancelHandler(() -> {});
      watchers.put(watcher, InstanceReport.getDefaultInstance());
      report();
    }

    @Override
    public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> answer) {
      calls.add("configure " + request.getDocument());
      if (answersNothing) {
        return;
      }
      revision = Long.parseLong(request.getDocument());
      answer.onNext(ConfigureResponse.newBuilder().setRevision(revision).build());
      answer.onCompleted();
      report();
    }
  }

  private final class Plugins extends PluginServiceGrpc.PluginServiceImplBase {
    @Override
    public void inventory(InventoryRequest request, StreamObserver<InventoryResponse> answer) {
      calls.add("inventory");
      var response = InventoryResponse.newBuilder().setActive(active);
      kept.keySet().forEach(one -> response.addKept(PluginRef.newBuilder().setDigest(one)));
      answer.onNext(response.build());
      answer.onCompleted();
    }

    @Override
    public void activate(ActivateRequest request, StreamObserver<ActivateResponse> answer) {
      calls.add("activate");
      if (!refuseActivation.isOk()) {
        answer.onError(refuseActivation.asRuntimeException());
        return;
      }
      active = request.getRef();
      answer.onNext(ActivateResponse.getDefaultInstance());
      answer.onCompleted();
      report();
    }

    @Override
    public StreamObserver<PushRequest> push(StreamObserver<PushResponse> answer) {
      calls.add("push");
      return new Receiver(answer);
    }
  }

  private final class Receiver implements StreamObserver<PushRequest> {
    private final StreamObserver<PushResponse> answer;
    private final ByteArrayOutputStream zip = new ByteArrayOutputStream();
    private String digest = "";

    Receiver(StreamObserver<PushResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(PushRequest part) {
      if (part.hasRef()) {
        digest = part.getRef().getDigest();
      } else {
        ByteString chunk = part.getChunk();
        largestChunk.accumulateAndGet(chunk.size(), Math::max);
        zip.writeBytes(chunk.toByteArray());
      }
    }

    @Override
    public void onError(Throwable failure) {
      calls.add("push broken off");
    }

    @Override
    public void onCompleted() {
      kept.put(digest, zip.toByteArray());
      answer.onNext(PushResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
