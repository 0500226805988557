package io.upm.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginPhase;
import io.upm.spi.EnginePlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetiredPluginsTest {
  /** As a careless part of the runtime would: an object of the plugin in a static field. */
  private static final List<Object> KEPT = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;
  private PluginHost host;
  private RetiredPlugins retired;

  @BeforeEach
  void open() {
    host = new PluginHost(directory.resolve("work"), EnginePlugin.SPI_VERSION);
    retired = new RetiredPlugins(host, directory, Duration.ofSeconds(1));
  }

  @AfterEach
  void close() {
    KEPT.clear();
    retired.close();
    host.close();
  }

  @Test
  void namesWhatHoldsABuildThatStaysInMemory() throws Exception {
    LoadedPlugin plugin = load();
    KEPT.add(plugin.call("config", EnginePlugin::config));

    retired.add(plugin);

    // It's found in a dump of the heap, with all that other tests left in it.
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(retired.holder(plugin.key()))
                .hasValueSatisfying(holder ->
                    assertThat(holder).startsWith("static field RetiredPluginsTest.KEPT")));
    assertThat(plugin.phase()).isEqualTo(PluginPhase.LEAKED);
  }

  @Test
  void saysNothingOfOneThatIsGone() throws Exception {
    LoadedPlugin plugin = load();

    retired.add(plugin);

    await().untilAsserted(() -> assertThat(plugin.phase()).isEqualTo(PluginPhase.RECLAIMED));
    assertThat(retired.holder(plugin.key())).isEmpty();
  }

  private LoadedPlugin load() throws Exception {
    Path zip = directory.resolve("toy.zip");
    new ToyZip("toy", "1.0.0").write(zip);
    return host.load(PluginArchive.read(zip));
  }
}
