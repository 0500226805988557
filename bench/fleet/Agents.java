import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.ActivateResponse;
import io.upm.agent.protocol.v1.ConfigReport;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.ConfigureResponse;
import io.upm.agent.protocol.v1.HealthReport;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.InventoryResponse;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.protocol.v1.PluginServiceGrpc;
import io.upm.agent.protocol.v1.ProcessState;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.host.document.InstanceDocuments;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The agents of a whole fleet in one process: the real protocol over the real TLS, on the agents' real port of every address
 * that this machine takes for its own. Which one is meant is told by the server name that the runtime asks for; each has the
 * certificate that the runtime made for it. They hold what they are given, and say that all is well.
 * Usage: Agents KUBECONFIG, called by {@code run}; says "ready" when it listens.
 */
final class Agents {
  private static final int PORT = 2214;
  private static final String SECRET_SUFFIX = "-agent-tls";
  private static final Context.Key<Agent> CALLED = Context.key("agent");

  private final Map<String, Agent> agents = new ConcurrentHashMap<>();
  private final Keys keys = new Keys();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  /** What one agent holds. */
  private final class Agent {
    private final String id = Long.toHexString(System.nanoTime());
    private volatile PluginRef plugin = PluginRef.getDefaultInstance();
    private volatile String kept = "";
    private volatile long revision;
    private long sequence;
    private InstanceReport told = InstanceReport.getDefaultInstance();
    private ServerCallStreamObserver<InstanceReport> watcher;
    private ScheduledFuture<?> heartbeat;

    synchronized void watch(ServerCallStreamObserver<InstanceReport> next, int heartbeatMillis) {
      if (heartbeat != null) {
        heartbeat.cancel(false);
      }
      watcher = next;
      told = InstanceReport.getDefaultInstance();
      report();
      long pause = heartbeatMillis == 0 ? 1000 : heartbeatMillis;
      heartbeat = timer.scheduleAtFixedRate(this::report, pause, pause, TimeUnit.MILLISECONDS);
    }

    synchronized void report() {
      if (watcher == null) {
        return;
      }
      if (watcher.isCancelled()) {
        heartbeat.cancel(false);
        watcher = null;
        return;
      }
      boolean runs = revision > 0 && !plugin.getDigest().isEmpty();
      sequence++;
      InstanceReport report =
          InstanceReport.newBuilder()
              .setAgentId(id)
              .setAgentVersion("bench")
              .setPlugin(plugin)
              .setRevision(revision)
              .setProcess(runs ? ProcessState.RUNNING : ProcessState.WAITING)
              .setEngineStarts(runs ? 1 : 0)
              .setEnginePid(runs ? 42 : 0)
              .setHealth(health(runs))
              .setConfig(
                  ConfigReport.newBuilder()
                      .setDigest(runs ? "ab".repeat(32) : "")
                      .setRevision(runs ? revision : 0))
              .build();
      watcher.onNext(
          report.equals(told)
              ? InstanceReport.newBuilder().setSequence(sequence).setUnchanged(true).build()
              : report.toBuilder().setSequence(sequence).build());
      told = report;
    }

    /** About as much as a plugin tells of a database at rest, whose gauges are no news. */
    private HealthReport health(boolean runs) {
      HealthReport.Builder health = HealthReport.newBuilder().setAlive(runs).setReady(runs);
      if (runs) {
        health
            .setRole("standalone")
            .putFacts("uuid", id + "-0000-0000-0000-000000000000")
            .putFacts("read_only", "false");
      }
      return health.build();
    }
  }

  public static void main(String[] arguments) throws Exception {
    new Agents().run(Path.of(arguments[0]));
  }

  private void run(Path kubeconfig) throws Exception {
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      client.secrets().inAnyNamespace().withField("type", "kubernetes.io/tls").inform(new Certificates());
      var interceptor = new Addressee();
      NettyServerBuilder.forPort(PORT)
          .bossEventLoopGroup(new NioEventLoopGroup(1))
          .workerEventLoopGroup(new NioEventLoopGroup(2))
          .channelType(NioServerSocketChannel.class)
          .directExecutor()
          .sslContext(tls(client))
          .addService(ServerInterceptors.intercept(new Instances(), interceptor))
          .addService(ServerInterceptors.intercept(new Plugins(), interceptor))
          .build()
          .start();
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }

  /** The runtime's authority is in its Secret; it is there before the first agent is. */
  private SslContext tls(KubernetesClient client) throws Exception {
    String authority =
        client
            .secrets()
            .inNamespace("upm-system")
            .withName("upm-ca")
            .waitUntilCondition(secret -> secret != null && secret.getData() != null, 120, TimeUnit.SECONDS)
            .getData()
            .get("tls.crt");
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(keys)
                .trustManager(new ByteArrayInputStream(Base64.getDecoder().decode(authority)))
                .clientAuth(ClientAuth.REQUIRE),
            SslProvider.JDK)
        .build();
  }

  /** Server names are {@code <unit>.<namespace>.upm}. */
  private final class Certificates implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret secret) {
      String name = secret.getMetadata().getName();
      if (name.endsWith(SECRET_SUFFIX)) {
        String unit = name.substring(0, name.length() - SECRET_SUFFIX.length());
        keys.put(
            unit + "." + secret.getMetadata().getNamespace() + ".upm",
            pem(secret, "tls.crt"),
            pem(secret, "tls.key"));
      }
    }

    @Override
    public void onUpdate(Secret before, Secret after) {
      onAdd(after);
    }

    @Override
    public void onDelete(Secret secret, boolean unknown) {}

    private static String pem(Secret secret, String key) {
      return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.US_ASCII);
    }
  }

  private final class Addressee implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Agent agent = agents.computeIfAbsent(call.getAuthority(), name -> new Agent());
      return Contexts.interceptCall(
          Context.current().withValue(CALLED, agent), call, headers, next);
    }
  }

  private static final class Instances extends InstanceServiceGrpc.InstanceServiceImplBase {
    @Override
    public void watch(WatchRequest request, StreamObserver<InstanceReport> answer) {
      var watcher = (ServerCallStreamObserver<InstanceReport>) answer;
      watcher.setOnCancelHandler(() -> {});
      CALLED.get().watch(watcher, request.getHeartbeatMillis());
    }

    @Override
    public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> answer) {
      Agent agent = CALLED.get();
      agent.revision = InstanceDocuments.read(request.getDocument()).revision();
      answer.onNext(ConfigureResponse.newBuilder().setRevision(agent.revision).build());
      answer.onCompleted();
      agent.report();
    }
  }

  private static final class Plugins extends PluginServiceGrpc.PluginServiceImplBase {
    @Override
    public void inventory(InventoryRequest request, StreamObserver<InventoryResponse> answer) {
      Agent agent = CALLED.get();
      var response = InventoryResponse.newBuilder().setActive(agent.plugin);
      if (!agent.kept.isEmpty()) {
        response.addKept(PluginRef.newBuilder().setDigest(agent.kept));
      }
      answer.onNext(response.build());
      answer.onCompleted();
    }

    @Override
    public void activate(ActivateRequest request, StreamObserver<ActivateResponse> answer) {
      Agent agent = CALLED.get();
      agent.plugin = request.getRef();
      answer.onNext(ActivateResponse.getDefaultInstance());
      answer.onCompleted();
      agent.report();
    }

    /** The zip is taken in full and thrown away. */
    @Override
    public StreamObserver<PushRequest> push(StreamObserver<PushResponse> answer) {
      Agent agent = CALLED.get();
      return new StreamObserver<>() {
        @Override
        public void onNext(PushRequest part) {
          if (part.hasRef()) {
            agent.kept = part.getRef().getDigest();
          }
        }

        @Override
        public void onError(Throwable failure) {
          agent.kept = "";
        }

        @Override
        public void onCompleted() {
          answer.onNext(PushResponse.getDefaultInstance());
          answer.onCompleted();
        }
      };
    }
  }
}
