package io.upm.agent.container;

import static org.awaitility.Awaitility.await;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A container with launcher and agent, without the container: the same processes on this machine.
 */
public final class Container implements AutoCloseable {
  /** What the agent's certificate is for. */
  public static final String SERVER_NAME = "demo-0.space.upm";

  /** However slow the machine is; several of these run side by side. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static {
    Awaitility.setDefaultTimeout(PATIENCE);
  }

  /**
   * Below the ports that the kernel gives to clients, and each fork's own, so that nobody takes one
   * before the agent does.
   */
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(20_000 + 1_000 * Integer.getInteger("upm.fork", 0));

  private final Path root;
  private final Authority authority;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final int grpcPort = freePort();
  private final int httpPort = freePort();
  private @Nullable Process launcher;
  private int stopBudgetSeconds = 10;
  private int passwordOverlapSeconds = 900;

  public Container(Path root, Authority authority) {
    this.root = root;
    this.authority = authority;
    authorise(authority.forUnit("space", "demo-0"));
  }

  public Path data() {
    return root.resolve("data");
  }

  public Path run() {
    return root.resolve("run");
  }

  public Path tls() {
    return root.resolve("tls");
  }

  public void authorise(Authority.Pem pem) {
    try {
      pem.writeTo(tls());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void stopBudget(int seconds) {
    stopBudgetSeconds = seconds;
  }

  public void passwordOverlap(int seconds) {
    passwordOverlapSeconds = seconds;
  }

  /** A key of the mounted Secret, changed as Kubernetes does: in one step. */
  public void password(String user, String value) throws IOException {
    Files.createDirectories(secret());
    Path fresh = root.resolve("password");
    Files.writeString(fresh, value);
    Files.move(fresh, secret().resolve(user), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path secret() {
    return root.resolve("secret");
  }

  /** Changes the mounted document, as Kubernetes does: in one step. */
  public void mount(InstanceDocument document) throws IOException {
    Path file = root.resolve("instance/instance.json");
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling("new");
    Files.writeString(fresh, InstanceDocuments.write(document));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  public InstanceDocument document(long revision, boolean running, Map<String, String> parameters) {
    return document(revision, running, false, parameters);
  }

  /** Of an instance that is to run when an action has filled its data volume. */
  public InstanceDocument toBeRestored(long revision) {
    return document(revision, true, true, Map.of());
  }

  private InstanceDocument document(
      long revision, boolean running, boolean awaitsRestore, Map<String, String> parameters) {
    var all = new HashMap<>(Map.of("role", "alone"));
    all.putAll(parameters);
    return new InstanceDocument(
        revision,
        "testengine",
        "1.2",
        "",
        running,
        awaitsRestore,
        new InstanceDocument.Identity("space", "demo", "demo-0", 0, "demo-0.demo"),
        new InstanceDocument.Limits(64 << 20, 1000),
        Map.of("data", data().toString()),
        Map.of("PROGRAM", Programs.ENGINE.toString()),
        Map.of("client", 7000),
        List.of(),
        all,
        secret().toString(),
        "",
        null);
  }

  public void start() {
    start(List.of());
  }

  /** Starts the launcher, and it the agent; as process 1 of a namespace with {@code unshare}. */
  public void start(List<String> prefix) {
    var command = new ArrayList<>(prefix);
    command.addAll(List.of(Programs.LAUNCHER.toString(), "supervise", "--"));
    command.addAll(Programs.agent());
    run(command);
  }

  /** The same with a launcher that finds its agents in trees. */
  public void start(Trees trees) {
    run(List.of(trees.launcher().toString()));
  }

  private void run(List<String> command) {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "UPM_RUN_DIR", run().toString(),
                "UPM_TLS_DIR", tls().toString(),
                "UPM_INSTANCE_FILE", root.resolve("instance/instance.json").toString(),
                "UPM_LAUNCHER", Programs.LAUNCHER.toString(),
                "UPM_GRPC_PORT", Integer.toString(grpcPort),
                "UPM_HTTP_PORT", Integer.toString(httpPort),
                "UPM_STOP_BUDGET_SECONDS", Integer.toString(stopBudgetSeconds),
                "UPM_PASSWORD_OVERLAP_SECONDS", Integer.toString(passwordOverlapSeconds)));
    try {
      launcher = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Process launcher() {
    return Optional.ofNullable(launcher).orElseThrow();
  }

  /** Process of the agent, which is the only child of the launcher that is Java. */
  public ProcessHandle agent() {
    return launcher()
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .findFirst()
        .orElseThrow();
  }

  /** Tells the container to end, as the kubelet does, and gives its exit code. */
  public int stop() throws InterruptedException {
    launcher().destroy();
    if (!launcher().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("the container goes on\n" + output());
    }
    return launcher().exitValue();
  }

  /** All that the container wrote to its standard output. */
  public String output() {
    return text(log());
  }

  /** What the engine did, a word a line. */
  public List<String> journal() {
    return onVolume("db/journal").lines().toList();
  }

  /** Content of a file on the data volume; empty when it isn't there. */
  public String onVolume(String file) {
    return text(data().resolve(file));
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return root.resolve("container.log");
  }

  /** The runtime, with a watch open. */
  public Caller runtime() {
    return caller(authority.forRuntime());
  }

  /** Somebody who calls with that certificate. */
  public Caller caller(Authority.Pem pem) {
    return new Caller(channel(pem));
  }

  /** Somebody who knows whom to trust, and shows no certificate. */
  public Caller nameless() {
    try {
      return new Caller(
          channel(
              TlsChannelCredentials.newBuilder()
                  .trustManager(stream(authority.forRuntime().authority()))
                  .build()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For calls that a {@link Caller} would not make; closed with the container. */
  public ManagedChannel channel(Authority.Pem pem) {
    try {
      return channel(
          TlsChannelCredentials.newBuilder()
              .keyManager(stream(pem.certificate()), stream(pem.key()))
              .trustManager(stream(pem.authority()))
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ManagedChannel channel(ChannelCredentials credentials) {
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("127.0.0.1", grpcPort, credentials)
            .overrideAuthority(SERVER_NAME)
            .build();
    opened.add(channel::shutdownNow);
    return channel;
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  public int grpcPort() {
    return grpcPort;
  }

  public int httpPort() {
    return httpPort;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    Process process = launcher;
    if (process != null && process.isAlive()) {
      List<ProcessHandle> all = process.descendants().toList();
      process.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
      await("end of the container").atMost(PATIENCE).until(() -> !process.isAlive());
    }
  }

  private static int freePort() {
    while (true) {
      int port = NEXT_PORT.getAndIncrement();
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // By a program that has nothing to do with these tests: the next one.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
