package io.upm.acceptance.author;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginObject;
import io.upm.runtime.cli.UpmCli;
import io.upm.spi.EnginePlugin;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.Layout;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.TopologyManager;
import io.upm.testkit.IdleAgent;
import io.upm.testkit.Reloads;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugins of this repository that are built outside of its build, packaged as their pages say,
 * and used with their real engines, leave nothing behind. That of MySQL has its own test.
 */
class PluginReloadTest {
  private static final String UPM = "0.1.0";
  private static final String UNIT = "db-0";
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void thatOfANewProjectLeavesNothing() throws Exception {
    Path project = directory.resolve("project");
    assumeTrue(LocalRepository.isBuilt(UPM), "UPM's jars are made by mvn package");
    int made =
        UpmCli.commandLine()
            .execute("plugin", "init", "my-engine", "--directory", project.toString());
    assertThat(made).isZero();
    PluginArchive archive = packaged(project);
    int port = freePort();

    reload(archive, new Subject(instance(archive, Map.of("keyvalue", port)), text -> text));
  }

  @Test
  void thatOfTheExampleLeavesNothing() throws Exception {
    assumeTrue(LocalRepository.isBuilt(UPM), "UPM's jars are made by mvn package");
    String etcd = LocalPrograms.find("etcd", "etcd");
    assumeTrue(etcd.startsWith("/"), "hack/cluster has not built etcd");
    Path project = directory.resolve("project");
    copy(Path.of("..", "examples", "etcd-plugin"), project);
    PluginArchive archive = packaged(project);
    // Nobody joins, and its usual port for that may be another one's here.
    String peers = "listen-peer-urls=http://%s:%d".formatted(LOOPBACK, freePort());
    Instance instance = instance(archive, Map.of("client", freePort()));

    reload(archive, new Subject(instance, text -> text.replaceAll("listen-peer-urls=\\S+", peers)));
  }

  /**
   * What is used.
   *
   * @param rewrite what of the configuration can't be as it is on this machine
   */
  private record Subject(Instance instance, UnaryOperator<String> rewrite) {}

  private void reload(PluginArchive archive, Subject subject) throws Exception {
    Process engine = start(archive, subject);
    try {
      Path work = Files.createDirectory(directory.resolve("reloads"));
      Reloads.leaveNothing(archive, work, plugin -> use(plugin, subject.instance()));
    } finally {
      engine.destroy();
      engine.waitFor();
    }
  }

  /** As an agent does: files, volume, process; and then it waits until the engine serves. */
  private Process start(PluginArchive archive, Subject subject) throws IOException {
    Instance instance = subject.instance();
    Path config = Files.createDirectories(instance.layout().config());
    Files.createDirectories(instance.layout().data());
    Files.createDirectories(instance.layout().run());
    try (var host = new PluginHost(directory.resolve("start"), EnginePlugin.SPI_VERSION)) {
      LoadedPlugin plugin = host.load(archive);
      for (ConfigFile file : plugin.call("render", loaded -> render(loaded, instance))) {
        Files.writeString(config.resolve(file.path()), subject.rewrite().apply(file.content()));
      }
      PluginObject<EngineLifecycle> lifecycle = lifecycle(plugin);
      lifecycle.run("initialize", held -> held.initialize(instance));
      var command =
          new ArrayList<>(lifecycle.call("start", held -> held.start(instance)).command());
      command.set(0, LocalPrograms.find(command.getFirst(), command.getFirst()));
      Process process =
          new ProcessBuilder(command)
              .directory(instance.layout().data().toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      try {
        awaitReady(lifecycle, instance);
      } catch (ConditionTimeoutException e) {
        process.destroy();
        throw new AssertionError(Files.readString(directory.resolve("log")), e);
      }
      return process;
    }
  }

  private static void awaitReady(PluginObject<EngineLifecycle> lifecycle, Instance instance) {
    await("the engine serves")
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(LIMIT)
        .until(() -> lifecycle.call("probe", held -> held.probe(instance)).ready());
  }

  private static void use(LoadedPlugin plugin, Instance instance) {
    awaitReady(lifecycle(plugin), instance);
    List<ConfigFile> files = plugin.call("render", loaded -> render(loaded, instance));
    assertThat(files).isNotEmpty();
    plugin.run(
        "topologies",
        loaded -> {
          for (TopologyManager<?, ?> manager : loaded.topologies(Clock::systemUTC)) {
            lookAfter(plugin, manager, instance);
          }
        });
  }

  /** As the runtime does, with the types that only the plugin knows. */
  @SuppressWarnings("unchecked")
  private static void lookAfter(
      LoadedPlugin plugin, TopologyManager<?, ?> topology, Instance instance) {
    var manager = (TopologyManager<Record, Object>) topology;
    var member =
        Map.of("name", UNIT, "host", LOOPBACK, "port", instance.ports().values().iterator().next());
    Record spec =
        plugin
            .codec()
            .read(manager.descriptor().spec(), Map.of("members", List.of(member)), "spec")
            .orThrow();
    Object observed = manager.observe(spec, OneByOne.of(manager.endpoints(spec)));
    assertThat(manager.decide(spec, observed, Memory.EMPTY)).isInstanceOf(Decision.Remember.class);
    assertThat(manager.report(spec, observed, Memory.EMPTY).nodes()).hasSize(1);
  }

  private static PluginObject<EngineLifecycle> lifecycle(LoadedPlugin plugin) {
    return plugin.hold(
        "lifecycle", loaded -> loaded.lifecycle(new IdleAgent(user -> Optional.empty())));
  }

  private static List<ConfigFile> render(EnginePlugin plugin, Instance instance) {
    return plugin.config().render(new ConfigInput(instance, Map.of()));
  }

  private Instance instance(PluginArchive archive, Map<String, Integer> ports) {
    EngineVersion version;
    try (var host = new PluginHost(directory.resolve("look"), EnginePlugin.SPI_VERSION)) {
      version = host.load(archive).descriptor().series().getFirst().since();
    }
    Path data = directory.resolve("data");
    return new Instance(
        new Instance.Identity("ns", "db", UNIT, 0, LOOPBACK),
        version,
        "",
        new Limits(1L << 30, 1000),
        new Layout(data, data.resolve("conf"), data.resolve("run"), Map.of("data", data)),
        Map.of(),
        ports,
        List.of());
  }

  /** Its own tests have passed elsewhere. */
  private PluginArchive packaged(Path project) throws IOException, InterruptedException {
    Path repository = LocalRepository.make(directory.resolve("repository"), UPM);
    Path said = directory.resolve("maven");
    Process maven =
        new ProcessBuilder(
                "mvn",
                "-q",
                "-B",
                "--offline",
                "-Dmaven.repo.local=" + repository,
                "-DskipTests",
                "package")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(maven.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(maven.exitValue()).as(Files.readString(said)).isZero();
    try (var files = Files.newDirectoryStream(project.resolve("target"), "*.zip")) {
      return PluginArchive.read(files.iterator().next());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("target")) {
          Path copy = to.resolve(relative);
          Files.createDirectories(Objects.requireNonNull(copy.getParent()));
          Files.copy(file, copy);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
