import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.ActionServiceGrpc;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.FollowRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.OperationPhase;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.protocol.v1.WatchRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** What an agent is asked in 24 hours by kubelet, Prometheus and runtime, in less time. */
final class Day implements AutoCloseable {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration PROBE = Duration.ofSeconds(1);
  private static final Duration SCRAPE = Duration.ofSeconds(15);
  private static final Duration CHANGE = Duration.ofMinutes(10);
  // A backup of the binary log.
  private static final Duration ACTION = Duration.ofMinutes(5);
  private static final Duration RECONNECT = Duration.ofHours(1);

  private final Duration length;
  private final Supplier<ManagedChannel> channels;
  private final LongFunction<String> documents;
  private final Order order;
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(4);
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, LongAdder> done = new ConcurrentHashMap<>();
  private final Map<String, String> failed = new ConcurrentHashMap<>();
  private final AtomicLong revision;
  private final AtomicInteger operations = new AtomicInteger();
  private ManagedChannel channel;

  /** An action that the engine's plugin has, and its parameters. */
  record Order(String action, String parameters) {}

  /**
   * @param documents by revision
   * @param revision the last one that the agent has
   */
  Day(
      Duration length,
      Supplier<ManagedChannel> channels,
      LongFunction<String> documents,
      long revision,
      Order order) {
    this.length = length;
    this.channels = channels;
    this.documents = documents;
    this.order = order;
    this.revision = new AtomicLong(revision);
  }

  void begin() {
    watch();
    every(PROBE, "probes", () -> get("/readyz"));
    every(SCRAPE, "scrapes", () -> get("/metrics"));
    every(CHANGE, "documents", this::configure);
    every(ACTION, "actions", this::act);
    every(RECONNECT, "connections", this::watch);
  }

  private void every(Duration period, String what, Callable<?> action) {
    long nanos = (long) (period.toNanos() * ((double) length.toNanos() / DAY.toNanos()));
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(
            () -> {
              try {
                action.call();
                done.computeIfAbsent(what, name -> new LongAdder()).increment();
              } catch (Exception e) {
                failed.putIfAbsent(what, String.valueOf(e));
              }
            },
            nanos,
            nanos,
            TimeUnit.NANOSECONDS);
  }

  private Object get(String path) throws Exception {
    HttpResponse<Void> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:2215" + path))
                .timeout(Duration.ofSeconds(10))
                .build(),
            HttpResponse.BodyHandlers.discarding());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + response.statusCode());
    }
    return response;
  }

  /** As the runtime: one connection, one watch. */
  private synchronized Object watch() {
    ManagedChannel former = channel;
    channel = channels.get();
    InstanceServiceGrpc.newStub(channel)
        .watch(
            WatchRequest.newBuilder().setBriefHeartbeats(true).setHeartbeatMillis(15_000).build(),
            new Ignore());
    if (former != null) {
      former.shutdownNow();
    }
    return channel;
  }

  private synchronized ManagedChannel connection() {
    return channel;
  }

  private Object configure() {
    return InstanceServiceGrpc.newBlockingStub(connection())
        .configure(
            ConfigureRequest.newBuilder()
                .setDocument(documents.apply(revision.incrementAndGet()))
                .build());
  }

  private Object act() {
    ManagedChannel own = channels.get();
    try {
      String id = "day-" + operations.incrementAndGet();
      var stub = ActionServiceGrpc.newBlockingStub(own);
      stub.begin(
          BeginRequest.newBuilder()
              .setOperation(id)
              .setAction(order.action())
              .setParameters(order.parameters())
              .build());
      OperationReport last = OperationReport.getDefaultInstance();
      var reports = stub.follow(FollowRequest.newBuilder().setOperation(id).build());
      while (reports.hasNext()) {
        last = reports.next();
      }
      if (last.getPhase() != OperationPhase.OPERATION_SUCCEEDED) {
        throw new IllegalStateException(last.getMessage());
      }
      return last;
    } finally {
      own.shutdownNow();
    }
  }

  /** What was asked so far. */
  Map<String, LongAdder> done() {
    return new TreeMap<>(done);
  }

  /** The first failure of each kind. */
  Map<String, String> failed() {
    return new TreeMap<>(failed);
  }

  @Override
  public void close() throws InterruptedException {
    clock.shutdown();
    if (!clock.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("something is asked still");
    }
    connection().shutdownNow();
    http.close();
  }

  private static final class Ignore implements StreamObserver<InstanceReport> {
    @Override
    public void onNext(InstanceReport message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
