package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginObject;
import io.upm.plugin.mysql.Instances;
import io.upm.spi.EnginePlugin;
import io.upm.spi.Password;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.TopologyManager;
import io.upm.testkit.IdleAgent;
import io.upm.testkit.Reloads;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged plugin, used with live connections to a real server, leaves nothing behind. */
final class ReloadIT {
  private static final String SECRET = "repl secret";

  @Test
  void leavesNothingBehind(@TempDir Path work) throws Exception {
    PluginArchive archive = PluginArchive.read(Path.of(System.getProperty("upm.plugin.zip")));
    try (Unit unit = Unit.running(Unit.Plan.of(Images.all().getLast(), "standalone", 0))) {
      Reloads.leaveNothing(archive, work, plugin -> use(plugin, unit));
    }
  }

  private static void use(LoadedPlugin plugin, Unit unit) {
    PluginObject<EngineLifecycle> lifecycle =
        plugin.hold("lifecycle", loaded -> loaded.lifecycle(agent()));
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

  private static IdleAgent agent() {
    return new IdleAgent(
        user -> user.equals("replication") ? Optional.of(Password.of(SECRET)) : Optional.empty());
  }
}
