import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
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
import io.upm.agent.protocol.v1.ProcessState;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.EnginePlugin;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts the agent again and again, and looks at its memory. Called by {@code run}. */
final class Measure {
  private static final int PORT = 2214;
  private static final int STARTS = 7;
  private static final int CALLS = 1000;
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration AFTER = Duration.ofSeconds(2);

  private final String script;
  private final Path work;
  private final Path root;
  private final TlsChannelCredentials.Builder credentials;
  private final EngineDescriptor engine;
  private final PluginKey plugin;
  private final Duration day;
  private boolean withinBudget = true;

  private Measure(String script, Path work, Duration day) throws IOException {
    this.day = day;
    this.script = script;
    this.work = work;
    this.root = work.resolve("root");
    Path tls = root.resolve("etc/upm/tls");
    this.credentials =
        TlsChannelCredentials.newBuilder()
            .keyManager(tls.resolve("tls.crt").toFile(), tls.resolve("tls.key").toFile())
            .trustManager(tls.resolve("ca.crt").toFile());
    PluginArchive archive = PluginArchive.read(work.resolve("plugin.zip"));
    this.plugin = archive.key();
    try (var host = new PluginHost(work.resolve("expanded"), EnginePlugin.SPI_VERSION)) {
      this.engine = host.load(archive).descriptor();
    }
  }

  public static void main(String[] arguments) throws Exception {
    var measure = new Measure(
            arguments[0], Path.of(arguments[1]), Duration.ofSeconds(Long.parseLong(arguments[2])));
    try {
      measure.measure();
    } catch (Exception e) {
      System.out.println(Files.readString(measure.work.resolve("log")));
      throw e;
    }
    System.exit(measure.withinBudget ? 0 : 1);
  }

  private void measure() throws Exception {
    mount(document(1, false));
    try (var container = new Container()) {
      push();
    }
    var starts = new ArrayList<Double>();
    for (int i = 0; i <= STARTS; i++) {
      try (var container = new Container()) {
        starts.add(container.millisToFirstCall());
      }
    }
    // The first one had everything to read from disk.
    starts.removeFirst();
    starts.sort(null);
    double median = starts.get(STARTS / 2);
    budget(median, 450, "start to first call, engine stopped: median %.0f ms (%.0f to %.0f)"
        .formatted(median, starts.getFirst(), starts.getLast()));
    try (var container = new Container("chrt", "--other", "0")) {
      memory(container, "engine stopped");
    }

    mount(document(2, true));
    try (var container = new Container("chrt", "--other", "0")) {
      long begin = System.nanoTime();
      watchUntilReady();
      System.out.printf("initialise and start the engine: %.1f s%n", (System.nanoTime() - begin) / 1e9);
      memory(container, "engine running, probed");
      double back = container.millisToSecondAgent();
      System.out.printf("killed agent is back beside a running engine: %.0f ms%n", back);
      if (!day.isZero()) {
        day(container);
      }
    }
  }

  /** Memory, threads and open files must not grow with what the agent was asked. */
  private void day(Container container) throws Exception {
    var order = new Day.Order("set-variable", "{\"key\":\"max_connections\",\"value\":\"150\"}");
    var traffic = new Day(day, this::channel, this::written, 2, order);
    try (traffic) {
      traffic.begin();
      for (int hours = 4; hours <= 24; hours += 4) {
        Thread.sleep(day.dividedBy(6));
        System.out.printf(
            "after %d hours' traffic: %s, %s%n", hours, container.memory(), container.holds());
      }
    }
    System.out.println("asked: " + traffic.done());
    Thread.sleep(AFTER);
    Memory after = container.memory();
    budget(after.rss(), 90, "after a day's traffic in %d s: %s".formatted(day.toSeconds(), after));
    if (!traffic.failed().isEmpty()) {
      throw new IllegalStateException("failed: " + traffic.failed());
    }
  }

  private String written(long revision) {
    try {
      return InstanceDocuments.write(document(revision, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void memory(Container container, String what) throws Exception {
    ManagedChannel channel = channel();
    try {
      // As the runtime does: one connection, one watch.
      InstanceServiceGrpc.newStub(channel).watch(WatchRequest.getDefaultInstance(), new Ignore<>());
      Thread.sleep(IDLE);
      Memory idle = container.memory();
      budget(idle.rss(), 72, "idle, " + what + ": " + idle);
      long cpu = container.cpuTicks();
      Thread.sleep(IDLE);
      System.out.printf(
          "idle, %s: %.2f %% of a core%n",
          what, (container.cpuTicks() - cpu) * 10.0 / IDLE.toMillis() * 100);
      var stub = PluginServiceGrpc.newBlockingStub(channel);
      for (int i = 0; i < CALLS; i++) {
        stub.inventory(InventoryRequest.getDefaultInstance());
      }
      Thread.sleep(AFTER);
      Memory after = container.memory();
      budget(after.rss(), 90, "after %d calls, %s: %s".formatted(CALLS, what, after));
    } finally {
      channel.shutdownNow();
    }
  }

  private void budget(double value, double limit, String text) {
    boolean within = value <= limit;
    withinBudget &= within;
    System.out.printf("%s; budget %.0f: %s%n", text, limit, within ? "kept" : "MISSED");
  }

  /** In MiB. */
  private record Memory(double rss, double pss, double anonymous) {
    @Override
    public String toString() {
      return "RSS %.1f, PSS %.1f, anonymous %.1f MiB".formatted(rss, pss, anonymous);
    }
  }

  /** Launcher, agent and, if it is wanted, engine in the engine's image. */
  private final class Container implements AutoCloseable {
    private final Process process;
    private final double began;
    private final double firstCall;

    Container(String... prefix) throws Exception {
      var command = new ArrayList<>(List.of(prefix));
      command.addAll(List.of(script, "container", root.toString()));
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(work.resolve("log").toFile())
              .start();
      firstCall = awaitCall();
      began = beganAt();
    }

    private double beganAt() throws IOException {
      return Files.readAllLines(work.resolve("log")).stream()
          .filter(line -> line.startsWith("began "))
          .map(line -> Double.parseDouble(line.substring(6)) * 1000)
          .findFirst()
          .orElseThrow();
    }

    double millisToFirstCall() {
      return firstCall - began;
    }

    double millisToSecondAgent() throws Exception {
      ProcessHandle agent = agent();
      double killed = now();
      agent.destroyForcibly();
      agent.onExit().get(5, TimeUnit.SECONDS);
      return awaitCall() - killed;
    }

    private ProcessHandle child(String command) {
      return process
          .descendants()
          .filter(child -> child.info().command().orElse("").endsWith(command))
          .findFirst()
          .orElseThrow();
    }

    private ProcessHandle agent() {
      return child("/bin/java");
    }

    Memory memory() throws IOException {
      Map<String, Double> sizes =
          Files.readAllLines(Path.of("/proc/" + agent().pid() + "/smaps_rollup")).stream()
              .filter(line -> line.endsWith(" kB"))
              .map(line -> line.split(":?\\s+"))
              .collect(Collectors.toMap(part -> part[0], part -> Long.parseLong(part[1]) / 1024.0));
      return new Memory(sizes.get("Rss"), sizes.get("Pss"), sizes.get("Anonymous"));
    }

    String holds() throws IOException {
      try (Stream<Path> files = Files.list(Path.of("/proc/" + agent().pid() + "/fd"));
          Stream<Path> threads = Files.list(Path.of("/proc/" + agent().pid() + "/task"))) {
        return "%d open files, %d threads".formatted(files.count(), threads.count());
      }
    }

    long cpuTicks() throws IOException {
      String stat = Files.readString(Path.of("/proc/" + agent().pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Override
    public void close() throws Exception {
      child("/launcher").destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the container goes on");
      }
    }
  }

  /** Waits for the first call that is answered, and tells when that was. */
  private double awaitCall() throws Exception {
    for (long deadline = System.nanoTime() + 30_000_000_000L; System.nanoTime() < deadline; ) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", PORT), 100);
      } catch (IOException e) {
        Thread.sleep(2);
        continue;
      }
      ManagedChannel channel = channel();
      try {
        PluginServiceGrpc.newBlockingStub(channel).inventory(InventoryRequest.getDefaultInstance());
        return now();
      } catch (StatusRuntimeException e) {
        Thread.sleep(2);
      } finally {
        channel.shutdownNow();
      }
    }
    throw new IllegalStateException(Files.readString(work.resolve("log")));
  }

  private static double now() {
    var instant = java.time.Instant.now();
    return instant.getEpochSecond() * 1000.0 + instant.getNano() / 1e6;
  }

  private ManagedChannel channel() {
    return OkHttpChannelBuilder.forAddress("127.0.0.1", PORT, credentials.build())
        .overrideAuthority("localhost")
        .build();
  }

  private void watchUntilReady() throws IOException {
    ManagedChannel channel = channel();
    try {
      var reports =
          InstanceServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(180, TimeUnit.SECONDS)
              .watch(WatchRequest.getDefaultInstance());
      InstanceReport last = InstanceReport.getDefaultInstance();
      while (!last.getHealth().getReady()) {
        last = reports.next();
        if (last.getProcess() == ProcessState.BLOCKED) {
          throw new IllegalStateException(last.getReason());
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private void push() throws Exception {
    ManagedChannel channel = channel();
    try {
      var ref =
          PluginRef.newBuilder()
              .setId(plugin.id())
              .setVersion(plugin.version())
              .setDigest(plugin.digest())
              .build();
      var done = new CompletableFuture<Void>();
      StreamObserver<PushRequest> stream =
          PluginServiceGrpc.newStub(channel)
              .push(
                  new Ignore<PushResponse>() {
                    @Override
                    public void onError(Throwable failure) {
                      done.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                      done.complete(null);
                    }
                  });
      stream.onNext(PushRequest.newBuilder().setRef(ref).build());
      byte[] content = Files.readAllBytes(work.resolve("plugin.zip"));
      for (int at = 0; at < content.length; at += 64 << 10) {
        int length = Math.min(64 << 10, content.length - at);
        stream.onNext(
            PushRequest.newBuilder().setChunk(ByteString.copyFrom(content, at, length)).build());
      }
      stream.onCompleted();
      done.get(60, TimeUnit.SECONDS);
      long begin = System.nanoTime();
      PluginServiceGrpc.newBlockingStub(channel)
          .activate(ActivateRequest.newBuilder().setRef(ref).build());
      System.out.printf("activate %s: %d ms%n", plugin, (System.nanoTime() - begin) / 1_000_000);
    } finally {
      channel.shutdownNow();
    }
  }

  private void mount(InstanceDocument document) throws IOException {
    Files.writeString(root.resolve("etc/upm/instance/instance.json"), InstanceDocuments.write(document));
    for (Account account : engine.accounts()) {
      Files.writeString(root.resolve("etc/upm/secret/" + account.defaultUser()), "bench-" + account.purpose());
    }
  }

  private InstanceDocument document(long revision, boolean running) throws IOException {
    return new InstanceDocument(
        revision,
        engine.engine(),
        version(),
        "",
        running,
        false,
        new InstanceDocument.Identity("bench", "bench", "bench-0", 0, "localhost"),
        new InstanceDocument.Limits(1L << 30, 1000),
        Map.of(engine.dataVolume().name(), "/data"),
        Map.of(),
        engine.ports().stream().collect(Collectors.toMap(Port::name, Port::number)),
        List.of(new InstanceDocument.Peer("bench-0", 0, "localhost")),
        Map.of(),
        "/etc/upm/secret",
        "",
        null);
  }

  /** The first series is what the first engine image holds. */
  private String version() {
    return engine.series().getFirst().since().toString();
  }

  private static class Ignore<T> implements StreamObserver<T> {
    @Override
    public void onNext(T message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
