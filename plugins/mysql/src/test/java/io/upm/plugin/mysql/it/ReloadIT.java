package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.host.plugin.Containment;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginObject;
import io.upm.plugin.mysql.Instances;
import io.upm.spi.EnginePlugin;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.TopologyManager;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged plugin, loaded, used with live connections to a real server, and unloaded, over and
 * over: nothing of it may stay.
 */
final class ReloadIT {
  /** A certificate takes 1,000. */
  private static final int ROUNDS = Integer.getInteger("upm.reloads", 60);

  private static final int STEP = ROUNDS / 10;
  private static final long MOST_METASPACE_KIB = 10 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "repl secret";

  @Test
  void leavesNothingBehind(@TempDir Path work) throws Exception {
    PluginArchive archive = PluginArchive.read(Path.of(System.getProperty("upm.plugin.zip")));
    try (Unit unit = Unit.running(Unit.Plan.of(Images.all().getLast(), "standalone", 0));
        var host =
            new PluginHost(work, EnginePlugin.SPI_VERSION, Optional.of(Containment.SHARED))) {
      var after = new ArrayList<Footprint>();
      for (int round = 1; round <= ROUNDS; round++) {
        LoadedPlugin plugin = host.load(archive);
        inVirtualThread(() -> use(plugin, unit));
        assertThat(plugin.drain(PATIENCE)).isTrue();
        plugin.unload();
        assertThat(plugin.reclaimed(PATIENCE)).as("loader of round %d", round).isTrue();
        if (round % STEP == 0) {
          after.add(Footprint.now());
        }
      }
      System.out.printf("after each %d of %d rounds: %s%n", STEP, ROUNDS, after);
      // The first rounds also load what is loaded once.
      Footprint first = after.get(1);
      Footprint last = after.getLast();
      assertThat(last.threads()).isLessThanOrEqualTo(first.threads() + 2);
      assertThat(last.metaspaceKiB() - first.metaspaceKiB()).isLessThan(MOST_METASPACE_KIB);
      // What the virtual machine itself generates for reflection and lambdas, and bounds.
      assertThat(last.classes()).isLessThan(first.classes() + 3L * ROUNDS);
    }
  }

  /** What of the virtual machine a leak would fill. */
  private record Footprint(int threads, long classes, long metaspaceKiB) {
    static Footprint now() {
      return new Footprint(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
          ManagementFactory.getMemoryPoolMXBeans().stream()
                  .filter(pool -> pool.getName().equals("Metaspace"))
                  .map(MemoryPoolMXBean::getUsage)
                  .mapToLong(MemoryUsage::getUsed)
                  .sum()
              >> 10);
    }
  }

  private static void use(LoadedPlugin plugin, Unit unit) {
    PluginObject<EngineLifecycle> lifecycle =
        plugin.hold("lifecycle", loaded -> loaded.lifecycle(new Agent()));
    Health health = lifecycle.call("probe", held -> held.probe(unit.instance()));
    assertThat(health.ready()).as(health.toString()).isTrue();
    // A second one uses the connection that the first left open, as it is when we unload.
    assertThat(lifecycle.call("probe", held -> held.probe(unit.instance())).alive()).isTrue();
    var rendered =
        plugin.call(
            "render",
            loaded ->
                loaded.config().render(new ConfigInput(Instances.anInstance().build(), Map.of())));
    assertThat(rendered).hasSize(1);
    plugin.run("topology", loaded -> lookAfter(plugin, loaded, unit));
  }

  /** As the runtime does, with the types that only the plugin knows. */
  @SuppressWarnings("unchecked")
  private static void lookAfter(LoadedPlugin plugin, EnginePlugin loaded, Unit unit) {
    var manager = (TopologyManager<Record, Object>) loaded.topologies(Clock::systemUTC).getFirst();
    Record spec =
        plugin.codec().read(manager.descriptor().spec(), spec(unit.endpoint()), "spec").orThrow();
    var login = new Credential("replication", Password.of(SECRET));
    var nodes =
        new LiveNodes(manager.endpoints(spec), Map.of("mysql", login, "replication", login));
    Object observed = manager.observe(spec, nodes);
    Decision decision = manager.decide(spec, observed, Memory.EMPTY);
    assertThat(decision).isInstanceOf(Decision.Remember.class);
    Memory memory = ((Decision.Remember) decision).memory();
    assertThat(manager.report(spec, observed, memory).ready()).isTrue();
  }

  private static Map<String, Object> spec(Endpoint endpoint) {
    return Map.of(
        "mode", "rpl_async",
        "secret", Map.of("name", "s", "mysql", "replication"),
        "source",
            Map.of("name", endpoint.name(), "host", endpoint.host(), "port", endpoint.port()));
  }

  private static void inVirtualThread(Runnable task) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(task).get();
    }
  }

  private static final class Agent implements AgentContext {
    @Override
    public ProcessRunner processes() {
      return (spec, input, limit) -> {
        throw PluginException.internal("nothing is run here", null);
      };
    }

    @Override
    public Accounts accounts() {
      return user ->
          user.equals("replication") ? Optional.of(Password.of(SECRET)) : Optional.empty();
    }

    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }
  }
}
