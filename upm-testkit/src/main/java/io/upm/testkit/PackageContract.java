package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginObject;
import io.upm.host.plugin.PluginPhase;
import io.upm.spi.EnginePlugin;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Parameter;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.topology.TopologyManager;
import io.upm.testkit.crd.TopologyCrd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged plugin is taken by the host, works there, and leaves nothing behind. */
public interface PackageContract extends PluginUnderTest {
  /** System property with the path of the plugin's zip; without it the package is not tried. */
  String ZIP = "upm.plugin.zip";

  Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  default void theZipHoldsTheKindsOfThePlugin() {
    List<String> kinds =
        plugin().topologies(Samples.runtimeContext()).stream()
            .<String>map(manager -> TopologyCrd.yaml(manager.descriptor()))
            .toList();

    assertThat(zip().crds()).containsExactlyInAnyOrderElementsOf(kinds);
  }

  @Test
  default void theZipIsLoadedUsedAndLeavesNothing(@TempDir Path work) throws InterruptedException {
    PluginArchive archive = zip();
    try (var host = new PluginHost(work, EnginePlugin.SPI_VERSION)) {
      for (int round = 0; round < 3; round++) {
        LoadedPlugin plugin = host.load(archive);
        use(plugin);

        assertThat(plugin.drain(PATIENCE)).as("calls have ended").isTrue();
        plugin.unload();
        assertThat(plugin.reclaimed(PATIENCE)).as("the class loader was collected").isTrue();
        assertThat(plugin.phase()).isEqualTo(PluginPhase.RECLAIMED);
      }
    }
  }

  private void use(LoadedPlugin plugin) {
    assertThat(plugin.descriptor()).isEqualTo(plugin().descriptor());
    for (EngineVersion version : versions()) {
      var mode =
          plugin.descriptor().modes().isEmpty()
              ? Samples.standalone()
              : plugin.descriptor().modes().getFirst();
      var size = Samples.sizes(plugin.descriptor()).get(1);
      var situation = new ConfigContract.Situation(version, mode, size);
      var input = situation.input(this, 0, Map.of());
      List<Parameter> parameters =
          plugin.call("parameters", loaded -> loaded.parameters(version).all());
      assertThat(parameters).isEqualTo(plugin().parameters(version).all());
      PluginObject<ConfigRenderer> config = plugin.hold("config", EnginePlugin::config);
      List<ConfigFile> files = config.call("render", renderer -> renderer.render(input));
      assertThat(files).isEqualTo(plugin().config().render(input));
    }
    plugin.run(
        "topologies",
        loaded -> {
          for (TopologyManager<?, ?> manager : loaded.topologies(Samples.runtimeContext())) {
            var topology = new Topology<>(manager);
            topology.documented(this).forEach(topology::replayUnreachable);
          }
        });
    plugin.hold("lifecycle", loaded -> loaded.lifecycle(Samples.agentContext()));
  }

  private static PluginArchive zip() {
    String zip = System.getProperty(ZIP, "");
    assumeTrue(!zip.isEmpty(), "-D" + ZIP + " names no zip");
    return PluginArchive.read(Path.of(zip));
  }
}
